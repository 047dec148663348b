package io.millrace.kafka.value;

import io.millrace.api.Counted;
import io.millrace.kafka.value.Fields.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one line at a delimiter. As CSV a field may stand in quotes, which are doubled inside; as
 * text a quote is a character like any other. For one thread.
 */
public final class DelimitedFields implements FieldParser {

  private final byte[] delimiter;
  private final boolean quotes;
  private final byte @Nullable [] nullText;
  private final int[][] fieldsOf;

  /**
   * @param indexes which column of the line each field is, from 0
   * @param quotes true for CSV
   * @param nullText a text that stands for NULL where it is not in quotes; null for none
   */
  public DelimitedFields(
      List<Integer> indexes, String delimiter, boolean quotes, @Nullable String nullText) {
    this.delimiter = delimiter.getBytes(StandardCharsets.UTF_8);
    this.quotes = quotes;
    this.nullText = nullText == null ? null : nullText.getBytes(StandardCharsets.UTF_8);
    int most = indexes.stream().mapToInt(i -> i).max().orElse(-1);
    this.fieldsOf = new int[most + 1][0];
    for (int field = 0; field < indexes.size(); field++) {
      int index = indexes.get(field);
      int[] known = fieldsOf[index];
      fieldsOf[index] = Arrays.copyOf(known, known.length + 1);
      fieldsOf[index][known.length] = field;
    }
  }

  @Override
  public void parse(byte[] message, int offset, int length, Fields fields)
      throws BadValueException {
    fields.begin(message);
    int end = offset + length;
    // A line end behind the line is not a part of it.
    if (end > offset && message[end - 1] == '\n') {
      end--;
      if (end > offset && message[end - 1] == '\r') {
        end--;
      }
    }
    int at = offset;
    for (int index = 0; index < fieldsOf.length; index++) {
      if (at > end) {
        throw new BadValueException(
            "TOO_FEW_FIELDS",
            "the line has "
                + Counted.of(index, "field", "fields")
                + ", "
                + fieldsOf.length
                + " are needed");
      }
      at =
          quotes && at < end && message[at] == '"'
              ? quoted(message, at, end, index, fields)
              : plain(message, at, end, index, fields);
    }
  }

  /** Sets a field and tells where the next one begins: behind the end when it was the last. */
  private int plain(byte[] message, int start, int end, int index, Fields fields) {
    int stop = start;
    while (stop < end && !isDelimiter(message, stop, end)) {
      stop++;
    }
    boolean isNull =
        nullText != null && Arrays.equals(message, start, stop, nullText, 0, nullText.length);
    for (int field : fieldsOf[index]) {
      fields.set(field, isNull ? Kind.NULL : Kind.TEXT, start, isNull ? 0 : stop - start);
    }
    return stop < end ? stop + delimiter.length : end + 1;
  }

  private int quoted(byte[] message, int start, int end, int index, Fields fields)
      throws BadValueException {
    ByteSink text = fields.scratch();
    int begin = text.size();
    int at = start + 1;
    while (true) {
      if (at >= end) {
        throw new BadValueException("BAD_CSV", "a quote that was opened is not closed");
      }
      if (message[at] != '"') {
        text.write(message[at++]);
      } else if (at + 1 < end && message[at + 1] == '"') {
        text.write('"');
        at += 2;
      } else {
        at++;
        break;
      }
    }
    if (at < end && !isDelimiter(message, at, end)) {
      throw new BadValueException("BAD_CSV", "something follows a closing quote");
    }
    for (int field : fieldsOf[index]) {
      fields.setDecoded(field, Kind.TEXT, begin);
    }
    return at < end ? at + delimiter.length : end + 1;
  }

  private boolean isDelimiter(byte[] message, int at, int end) {
    if (message[at] != delimiter[0] || end - at < delimiter.length) {
      return false;
    }
    for (int i = 1; i < delimiter.length; i++) {
      if (message[at + i] != delimiter[i]) {
        return false;
      }
    }
    return true;
  }
}
