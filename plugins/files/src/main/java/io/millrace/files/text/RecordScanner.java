package io.millrace.files.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts UTF-8 text into records and fields without making an object for any. What it found is valid
 * until the next call. Used by one thread.
 */
final class RecordScanner {

  /** What it holds of a stream at least. */
  private static final int WINDOW = 1 << 17;

  private static final int MAX_FIELDS = 1 << 16;

  private final InputStream in;
  private final byte[] delimiter;
  private final byte[] line;
  private final byte delimiterEnd;
  private final byte lineEnd;
  private final boolean[] stops = new boolean[256];
  private final boolean returns;
  private final int quote;
  private final int comment;
  private final boolean multiline;
  private final boolean trim;
  private final int most;

  private byte[] bytes = new byte[WINDOW];
  private int start;
  private int next;
  private int limit;
  private boolean ended;

  private int fields;
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private boolean[] quoted = new boolean[64];

  private long lines;
  private long firstLine;
  private long dropped;
  private boolean isComment;

  /** Whether quotes were taken out of the record in its place. */
  private boolean rewritten;

  private @Nullable String fault;

  /**
   * @param in UTF-8; closed by whoever opened it
   * @param firstLine the number of the first line
   * @param most bytes of a record above which it is only counted
   */
  RecordScanner(InputStream in, TextSettings settings, long firstLine, int most) {
    this.in = in;
    this.delimiter = settings.delimiter();
    this.line = settings.line();
    this.delimiterEnd = delimiter[delimiter.length - 1];
    this.lineEnd = line.length == 0 ? (byte) '\n' : line[line.length - 1];
    // No byte is 256, so nothing is quoted then.
    this.quote = settings.quote() < 0 ? 256 : settings.quote();
    this.comment = settings.comment() < 0 ? 256 : settings.comment();
    this.multiline = settings.multiline();
    this.trim = settings.trim();
    // Where nothing is said about the ends of lines, a \r alone is one, as it was on old systems.
    this.returns = line.length == 0;
    stops[delimiterEnd & 0xff] = true;
    stops[lineEnd & 0xff] = true;
    stops['\r'] |= returns;
    this.lines = firstLine;
    this.most = most;
  }

  /** The buffer in which the fields stand. */
  byte[] bytes() {
    return bytes;
  }

  /** How many fields the record has; 0 when it was too large to be kept. */
  int fields() {
    return fields;
  }

  int offset(int field) {
    return start + starts[field];
  }

  int length(int field) {
    return ends[field] - starts[field];
  }

  boolean isQuoted(int field) {
    return quoted[field];
  }

  /** The line on which the record begins. */
  long firstLine() {
    return firstLine;
  }

  /** The line on which the next record begins. */
  long nextLine() {
    return lines;
  }

  /** What is wrong with the record as a whole, or null. */
  @Nullable String fault() {
    return fault;
  }

  /** The bytes of the record, the end of its line included. */
  long size() {
    return dropped + next - start;
  }

  /** Where the whole record begins in {@link #bytes}. */
  int recordOffset() {
    return start;
  }

  /**
   * The bytes of the record as they stand in the file, without the end of its line; -1 when they
   * are not there any more.
   */
  int recordLength() {
    if (dropped > 0 || rewritten) {
      return -1;
    }
    int end = next;
    while (end > start && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
      end--;
    }
    return end - start;
  }

  /** True when the record is a line with nothing in it. */
  boolean isBlank() {
    return fields == 1
        && !quoted[0]
        && (ends[0] == starts[0] || (trim && isBlank(starts[0], ends[0])));
  }

  /** True when it is no record, but a line of comment. */
  boolean isComment() {
    return isComment;
  }

  private boolean isBlank(int from, int to) {
    for (int i = start + from; i < start + to; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  String text(int field) {
    return new String(bytes, offset(field), length(field), StandardCharsets.UTF_8);
  }

  /**
   * Moves to the next record.
   *
   * @return false at the end
   */
  boolean next() throws IOException {
    start = next;
    fields = 0;
    dropped = 0;
    isComment = false;
    rewritten = false;
    fault = null;
    firstLine = lines;
    int p = start;
    while (true) {
      if (p == limit) {
        p = refill(p);
        if (p == limit) {
          if (fields == 0 && dropped == 0) {
            next = p;
            return false;
          }
          // A delimiter was the last byte of all: an empty field stands behind it.
          addField(p - start, p - start, false);
          return ended(p);
        }
      }
      isComment |= fields == 0 && dropped == 0 && p == start && bytes[p] == comment;
      p = field(p);
      if (p < 0) {
        return ended(~p);
      }
    }
  }

  private int field(int p) throws IOException {
    if (isComment) {
      return plainField(p, p - start, -1);
    }
    int from = p;
    int at = p;
    while (trim && isBlankAt(at)) {
      if (++at == limit) {
        int before = at;
        at = refill(at);
        from = Math.max(0, from - (before - at));
        if (at == limit) {
          break;
        }
      }
    }
    return at < limit && bytes[at] == quote ? quotedField(at) : plainField(from, from - start, -1);
  }

  private boolean isBlankAt(int at) {
    byte b = bytes[at];
    return (b == ' ' || b == '\t') && b != delimiter[0];
  }

  private boolean ended(int p) {
    next = p;
    if (dropped > 0) {
      fields = 0;
      fault = "the record has " + size() + " bytes, more than " + most + " are not held";
    }
    return true;
  }

  /**
   * Goes to the end of a field.
   *
   * @param fieldStart relative to the record
   * @param contentEnd where its content ended when it was quoted, relative to the record; else -1
   * @return where the next field begins, or {@code ~} where the next record does
   */
  private int plainField(int from, int fieldStart, int contentEnd) throws IOException {
    int p = from;
    int begun = contentEnd < 0 ? fieldStart : from - start;
    while (true) {
      byte[] b = bytes;
      int end = limit;
      while (p < end) {
        byte value = b[p++];
        if (!stops[value & 0xff]) {
          continue;
        }
        if (value == delimiterEnd && endsWith(delimiter, p, begun)) {
          close(fieldStart, contentEnd, p - start - delimiter.length, begun);
          return p;
        }
        if (value == lineEnd && (line.length < 2 || endsWith(line, p, begun))) {
          lines++;
          close(fieldStart, contentEnd, lineStart(p, begun), begun);
          return ~p;
        }
        if (returns && value == '\r') {
          if (p == limit) {
            int behind = p - start;
            p = refill(p);
            begun -= behind - (p - start);
            b = bytes;
            end = limit;
          }
          if (p == limit || b[p] != '\n') {
            lines++;
            close(fieldStart, contentEnd, p - 1 - start, begun);
            return ~p;
          }
        }
      }
      int behind = p - start;
      p = refill(p);
      begun -= behind - (p - start);
      if (p == limit) {
        close(fieldStart, contentEnd, p - start, begun);
        return ~p;
      }
    }
  }

  /** Where the end of the line that was passed begins, relative to the record. */
  private int lineStart(int p, int begun) {
    if (line.length > 1 || lineEnd != '\n') {
      return p - start - line.length;
    }
    int at = p - 1;
    return at - 1 - start >= begun && bytes[at - 1] == '\r' ? at - 1 - start : at - start;
  }

  private boolean endsWith(byte[] pattern, int p, int begun) {
    int length = pattern.length;
    if (length == 1) {
      return true;
    }
    if (p - length - start < begun) {
      return false;
    }
    for (int i = 0; i < length - 1; i++) {
      if (bytes[p - length + i] != pattern[i]) {
        return false;
      }
    }
    return true;
  }

  private void close(int fieldStart, int contentEnd, int end, int begun) {
    if (contentEnd < 0) {
      addField(fieldStart, end, false);
      return;
    }
    boolean padding = trim && (dropped > 0 || isBlank(begun, end));
    if (end > begun && fault == null && !padding) {
      fault = "characters follow the quote that ends a value";
    }
    addField(fieldStart, contentEnd, true);
  }

  private int quotedField(int from) throws IOException {
    int fieldStart = from + 1 - start;
    int p = from + 1;
    long openedOn = lines;
    int escapes = 0;
    while (true) {
      byte[] b = bytes;
      int end = limit;
      while (p < end && b[p] != quote) {
        if (b[p++] == '\n') {
          lines++;
          if (!multiline) {
            fault = "a quote is not closed on its line, and multiline is off";
            addField(fieldStart, p - 1 - start, true);
            return ~p;
          }
        }
      }
      if (p < end && p + 1 == end) {
        p = refill(p);
        end = limit;
      } else if (p == end) {
        p = refill(p);
        if (p == limit) {
          fault = "the quote opened on line " + openedOn + " is never closed: the file is cut off";
          addField(fieldStart, p - start, true);
          return ~p;
        }
        continue;
      }
      if (p + 1 < end && bytes[p + 1] == quote) {
        escapes++;
        p += 2;
        continue;
      }
      int contentEnd = p - start;
      if (escapes > 0 && dropped == 0) {
        contentEnd = unescape(fieldStart, contentEnd);
      }
      return plainField(p + 1, fieldStart, contentEnd);
    }
  }

  /** Makes one quote of two, in place. */
  private int unescape(int fieldStart, int contentEnd) {
    rewritten = true;
    int to = start + fieldStart;
    int end = start + contentEnd;
    for (int from = to; from < end; from++) {
      bytes[to++] = bytes[from];
      if (bytes[from] == quote) {
        from++;
      }
    }
    return to - start;
  }

  private void addField(int from, int to, boolean isQuoted) {
    if (fields == starts.length) {
      if (fields == MAX_FIELDS) {
        fault = "the record has more than " + MAX_FIELDS + " values: is the delimiter right?";
        return;
      }
      starts = Arrays.copyOf(starts, fields * 2);
      ends = Arrays.copyOf(ends, fields * 2);
      quoted = Arrays.copyOf(quoted, fields * 2);
    }
    starts[fields] = from;
    ends[fields] = to;
    quoted[fields++] = isQuoted;
  }

  /**
   * Reads more behind what is held of the record.
   *
   * @return where {@code p} is now; equal to {@link #limit} at the end of the stream
   */
  private int refill(int p) throws IOException {
    if (ended) {
      return p;
    }
    int keep = start;
    if (limit - start >= most) {
      // Too large to be kept: from here on it is counted, but for what a delimiter may need.
      keep = Math.max(start, p - 16 - delimiter.length - line.length);
      dropped += keep - start;
    }
    int held = limit - keep;
    byte[] target = held > bytes.length / 2 ? new byte[grown()] : bytes;
    System.arraycopy(bytes, keep, target, 0, held);
    bytes = target;
    p -= keep;
    start = 0;
    limit = held;
    int read;
    do {
      read = in.read(bytes, limit, bytes.length - limit);
    } while (read == 0);
    if (read < 0) {
      ended = true;
    } else {
      limit += read;
    }
    return p;
  }

  private int grown() {
    return (int) Math.min(Integer.MAX_VALUE - 8, Math.max(bytes.length * 2L, bytes.length));
  }
}
