package io.millrace.files.write;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Control records as text: lines of words, in which anything can stand. Stateless. */
final class Lines {

  private static final String END = "end";

  private Lines() {}

  static String line(Object... words) {
    StringBuilder line = new StringBuilder();
    for (Object word : words) {
      line.append(line.isEmpty() ? "" : " ");
      // An empty word would vanish between two blanks at the line's end.
      line.append('=').append(URLEncoder.encode(word.toString(), StandardCharsets.UTF_8));
    }
    return line.append('\n').toString();
  }

  /** Ends a record that has to be whole. */
  static String end() {
    return line(END);
  }

  static byte[] bytes(StringBuilder lines) {
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The lines before the one that says that a record is whole.
   *
   * @throws MillraceException when that is not there
   */
  static List<List<String>> whole(byte[] content) {
    List<List<String>> lines = parse(content);
    if (lines.isEmpty() || !lines.get(lines.size() - 1).equals(List.of(END))) {
      throw changed(null);
    }
    return lines.subList(0, lines.size() - 1);
  }

  /**
   * What the lines of a whole record say.
   *
   * @throws MillraceException when it is not whole, or {@code form} cannot read it
   */
  static <T> T read(byte[] content, Function<List<List<String>>, T> form) {
    try {
      return form.apply(whole(content));
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw changed(e);
    }
  }

  /** Checks what a record must hold. */
  static void require(boolean held) {
    if (!held) {
      throw changed(null);
    }
  }

  private static MillraceException changed(@Nullable RuntimeException cause) {
    return new MillraceException(
        StandardError.WRITE_REFUSED,
        "a control record of the output is cut off, changed, or of another version: start the"
            + " instance anew",
        cause);
  }

  static List<List<String>> parse(byte[] content) {
    List<List<String>> lines = new ArrayList<>();
    for (String line : new String(content, StandardCharsets.UTF_8).split("\n")) {
      if (!line.isEmpty()) {
        lines.add(
            Arrays.stream(line.split(" "))
                .map(word -> URLDecoder.decode(word.substring(1), StandardCharsets.UTF_8))
                .toList());
      }
    }
    return lines;
  }
}
