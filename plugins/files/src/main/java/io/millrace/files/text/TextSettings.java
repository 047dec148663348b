package io.millrace.files.text;

import io.millrace.files.compress.Compression;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How texts are written in files.
 *
 * @param delimiter stands between two values, in UTF-8
 * @param line ends a record, in UTF-8; empty for {@code \n}, {@code \r\n} or {@code \r} when read,
 *     and {@code \n} when written; a single {@code \n} for that or {@code \r\n} when read
 * @param quote the byte around values that hold a delimiter; -1 for none
 * @param comment the byte with which a line begins that is no record; -1 for none
 * @param nullText what stands for NULL, in UTF-8; null when nothing does
 * @param headerLine whether the first record names the columns
 * @param headerNames the names that are written as a header; empty for the source's own
 * @param multiline whether a quoted value may hold the end of a line; otherwise every end of a line
 *     ends a record for those who cut a file
 * @param skipBlank whether a line with nothing in it is passed over
 * @param bare whether the value of an only column is written as it is where nothing escapes, even
 *     if it holds the delimiter; otherwise its record is dirty
 * @param trim whether blanks around a value that is not quoted are left out
 * @param dateFormat how dates and times are written; null for the usual forms
 * @param charset of the file
 * @param compression of the file; null to tell by the suffix of its name
 * @param maxInflation how many times its size a compressed file may unfold to
 * @param zone the task's zone, in which {@code dateFormat} shows instants
 * @param instantsInZone whether instants are shown in it without {@code dateFormat} as well
 */
public record TextSettings(
    byte[] delimiter,
    byte[] line,
    int quote,
    int comment,
    byte @Nullable [] nullText,
    HeaderLine headerLine,
    List<String> headerNames,
    boolean multiline,
    boolean skipBlank,
    boolean bare,
    boolean trim,
    @Nullable String dateFormat,
    Charset charset,
    @Nullable Compression compression,
    long maxInflation,
    ZoneId zone,
    boolean instantsInZone) {

  /** Whether the first record of a file names its columns. */
  public enum HeaderLine {
    TRUE,
    FALSE,
    /** It does when it holds the names that are asked for, or looks like names. */
    AUTO
  }

  public TextSettings {
    headerNames = List.copyOf(headerNames);
  }

  /** What csv has when nothing is said. */
  public static TextSettings csv(ZoneId zone) {
    return new TextSettings(
        new byte[] {','},
        new byte[0],
        '"',
        -1,
        new byte[] {'\\', 'N'},
        HeaderLine.FALSE,
        List.of(),
        true,
        true,
        false,
        false,
        null,
        StandardCharsets.UTF_8,
        null,
        200,
        zone,
        false);
  }

  /** The same for records that are lines, with no delimiter in them. */
  TextSettings forLines() {
    // No text holds these bytes.
    byte[] never = {(byte) 0xfe, (byte) 0xff};
    return new TextSettings(
        never,
        new byte[] {'\n'},
        -1,
        -1,
        null,
        HeaderLine.FALSE,
        List.of(),
        false,
        true,
        false,
        false,
        dateFormat,
        charset,
        compression,
        maxInflation,
        zone,
        instantsInZone);
  }

  boolean isUtf8() {
    return charset.equals(StandardCharsets.UTF_8);
  }
}
