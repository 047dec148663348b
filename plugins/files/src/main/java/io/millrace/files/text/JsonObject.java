package io.millrace.files.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values of some keys in a JSON object, without making objects for them. Used again; by
 * one thread.
 */
final class JsonObject {

  private static final int ABSENT = -1;

  private final byte[][] keys;
  private final boolean strict;
  private final int[] starts;
  private final int[] lengths;
  private final JsonString key = new JsonString();
  private int expected;

  /**
   * @param names of the keys
   * @param strict whether an object must not have other keys
   */
  JsonObject(List<String> names, boolean strict) {
    this.keys = new byte[names.size()][];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = names.get(i).getBytes(StandardCharsets.UTF_8);
    }
    this.strict = strict;
    this.starts = new int[keys.length];
    this.lengths = new int[keys.length];
  }

  boolean has(int index) {
    return starts[index] != ABSENT;
  }

  int offset(int index) {
    return starts[index];
  }

  int length(int index) {
    return lengths[index];
  }

  /** Looks through the bytes; null, or what is wrong with them. */
  @Nullable String find(byte[] bytes, int offset, int length) {
    Arrays.fill(starts, ABSENT);
    expected = 0;
    JsonText text = new JsonText(bytes, offset, length);
    String wrong = members(text, bytes);
    if (wrong == null && text.fault() != null) {
      wrong = "is no JSON object: " + text.fault();
    }
    if (wrong == null && text.next() >= 0) {
      wrong = "something follows the JSON object";
    }
    return wrong;
  }

  private @Nullable String members(JsonText text, byte[] bytes) {
    if (!text.expect('{') || text.skipIf('}')) {
      return null;
    }
    do {
      if (text.next() != '"') {
        text.fail("expected a key");
        return null;
      }
      int keyStart = text.at() + 1;
      if (!text.skipString()) {
        return null;
      }
      int keyEnd = text.at() - 1;
      if (!text.expect(':')) {
        return null;
      }
      text.next();
      int valueStart = text.at();
      if (!text.skipValue()) {
        return null;
      }
      int index = index(bytes, keyStart, keyEnd - keyStart);
      if (index >= 0) {
        starts[index] = valueStart;
        lengths[index] = text.at() - valueStart;
      } else if (strict) {
        return "has the key "
            + ValueParsers.shown(bytes, keyStart, keyEnd - keyStart)
            + ", which the first records lack: name the columns";
      }
    } while (text.skipIf(','));
    text.expect('}');
    return null;
  }

  /** The key's place; the keys mostly come in the same order. */
  private int index(byte[] bytes, int offset, int length) {
    boolean escaped = false;
    for (int i = offset; i < offset + length && !escaped; i++) {
      escaped = bytes[i] == '\\';
    }
    for (int i = 0; i < keys.length; i++) {
      int at = (expected + i) % keys.length;
      boolean same =
          escaped
              ? key.set(bytes, offset, length) && key.is(keys[at])
              : Arrays.equals(bytes, offset, offset + length, keys[at], 0, keys[at].length);
      if (same) {
        expected = at + 1;
        return at;
      }
    }
    return -1;
  }
}
