package io.millrace.loghub.read;

import com.aliyun.openservices.log.common.FastLog;
import com.aliyun.openservices.log.common.FastLogContent;
import com.aliyun.openservices.log.common.FastLogGroup;
import com.aliyun.openservices.log.common.FastLogTag;
import io.millrace.hubs.BadValueException;
import io.millrace.hubs.HubColumn;
import io.millrace.hubs.JsonStrings;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds each column's bytes in a log: by its key in the log itself, then among the metadata of its
 * group. Where a key stands twice in a log, the last value counts, as in DataX. Used by one thread.
 */
final class LogValues {

  private static final String OTHERS = "C__extract_others__";
  private static final String ALL_META = "C__extract_all_meta__";
  private static final String TAG = "__tag__:";

  /** The nanoseconds of a log's time, as encoded. */
  private static final int NANOSECONDS_BYTES = 5;

  private final List<HubColumn> columns;
  private final Set<String> keys = new HashSet<>();
  private final boolean wantsOthers;

  /** The metadata of the group, under its names in C__extract_all_meta__. */
  private final Map<String, byte @Nullable []> meta = new LinkedHashMap<>();

  private final Map<String, byte[]> contents = new LinkedHashMap<>();

  LogValues(List<HubColumn> columns) {
    this.columns = columns;
    columns.forEach(column -> keys.add(column.key()));
    this.wantsOthers = keys.contains(OTHERS);
  }

  /** Goes on to the logs of another group. */
  void group(FastLogGroup group) {
    meta.clear();
    meta.put("__category__", group.getCategoryBytes());
    meta.put("__source__", group.getSourceBytes());
    meta.put("__topic__", group.getTopicBytes());
    meta.put("__machineUUID__", group.getMachineUUIDBytes());
    for (FastLogTag tag : group.getTags()) {
      byte[] key = tag.getKeyBytes();
      if (key != null) {
        meta.put(text(key), tag.getValueBytes());
      }
    }
  }

  /**
   * The bytes of each column, null for NULL.
   *
   * @throws BadValueException when the log is broken
   */
  byte @Nullable [][] of(FastLog log) throws BadValueException {
    contents.clear();
    for (FastLogContent content : log.getContents()) {
      byte[] key = content.getKeyBytes();
      byte[] value = content.getValueBytes();
      if (key == null || value == null) {
        throw new BadValueException("NOT_A_LOG", "a key of the log cannot be parsed");
      }
      String name = wantsOthers ? strict(key) : text(key);
      if (wantsOthers || keys.contains(name)) {
        contents.put(name, value);
      }
    }
    if (log.getTime() == -1 || isEmptied(log)) {
      throw new BadValueException("NOT_A_LOG", "the log cannot be parsed");
    }
    byte[] time = bytes(Integer.toUnsignedString(log.getTime()));
    meta.put("__logtime__", time);
    byte @Nullable [][] found = new byte[columns.size()][];
    for (int i = 0; i < found.length; i++) {
      String key = columns.get(i).key();
      byte[] value = contents.get(key);
      found[i] = value == null ? metadata(key) : value;
    }
    return found;
  }

  /** The client's parser takes the keys from a log that is broken, and says nothing. */
  private static boolean isEmptied(FastLog log) {
    int timeBytes = 1 + Math.max(1, (38 - Integer.numberOfLeadingZeros(log.getTime())) / 7);
    return log.getContentsCount() == 0
        && log.getByteSize() != timeBytes
        && log.getByteSize() != timeBytes + NANOSECONDS_BYTES;
  }

  private byte @Nullable [] metadata(String key) throws BadValueException {
    return switch (key) {
      case OTHERS -> bytes(json(others()));
      case ALL_META -> bytes(json(meta));
      case "C_Category" -> meta.get("__category__");
      case "C_Source" -> meta.get("__source__");
      case "C_Topic" -> meta.get("__topic__");
      case "C_MachineUUID" -> meta.get("__machineUUID__");
      case "C_HostName" -> meta.get("__hostname__");
      case "C_Path" -> meta.get("__path__");
      case "C_LogTime", "__time__" -> meta.get("__logtime__");
      default -> meta.get(key.startsWith(TAG) ? key.substring(TAG.length()) : key);
    };
  }

  private Map<String, byte @Nullable []> others() {
    Map<String, byte @Nullable []> others = new HashMap<>(contents);
    others.keySet().removeAll(keys);
    return new TreeMap<>(others);
  }

  private static String json(Map<String, byte @Nullable []> values) throws BadValueException {
    StringBuilder out = new StringBuilder("{");
    for (Map.Entry<String, byte @Nullable []> each : values.entrySet()) {
      byte[] value = each.getValue();
      if (value != null) {
        JsonStrings.append(out.length() == 1 ? out : out.append(','), each.getKey()).append(':');
        JsonStrings.append(out, strict(value));
      }
    }
    return out.append('}').toString();
  }

  /** JSON has no place for bytes that are no text. */
  private static String strict(byte[] utf8) throws BadValueException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new BadValueException(
          "NOT_UTF8", "the log has keys or values that are not UTF-8, and are wanted as JSON");
    }
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
