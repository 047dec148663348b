package io.millrace.engine.runlog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.api.Sensitive;
import io.millrace.api.option.ConfigOption;
import io.millrace.engine.task.ConnectorSpec;
import io.millrace.engine.task.DirtyLimit;
import io.millrace.engine.task.OpenValues;
import io.millrace.engine.task.OptionRules;
import io.millrace.engine.task.Secrets;
import io.millrace.engine.task.TaskSettings;
import io.millrace.engine.task.TaskSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The rendered parameters of area 1: keys right-aligned to column 33, values padded to 30. */
final class ParameterArea {

  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private ParameterArea() {}

  static List<String> lines(TaskSpec task, Submission submission, Secrets secrets) {
    List<String> lines = new ArrayList<>();
    lines.add("Reader: " + task.reader().connector());
    addOptions(task.reader(), submission.readerOptions(), task.given(), secrets, lines);
    lines.add("Writer: " + task.writer().connector());
    addOptions(task.writer(), submission.writerOptions(), task.given(), secrets, lines);
    lines.add("Setting:");
    settings(task.settings()).forEach((key, value) -> lines.add(line(key, value)));
    return lines;
  }

  private static void addOptions(
      ConnectorSpec spec,
      List<ConfigOption<?>> declared,
      Set<String> given,
      Secrets secrets,
      List<String> lines) {
    // Redacted before padding: the padding would tell the length of what is hidden.
    OptionRules.of(declared)
        .shown(spec.options())
        .forEach(
            (key, value) -> {
              String shown = secrets.redact(text(value));
              boolean open =
                  Secrets.MASK.equals(value)
                      || OpenValues.isOpen(key, spec.options().get(key), declared)
                          && !holds(spec.options().get(key), given);
              lines.add(open ? line(key, shown) : closedLine(key, shown));
            });
  }

  private static boolean holds(@Nullable Object value, Set<String> some) {
    if (value instanceof Map<?, ?> map) {
      return map.values().stream().anyMatch(each -> holds(each, some));
    }
    return value instanceof Iterable<?> list
        ? StreamSupport.stream(list.spliterator(), false).anyMatch(each -> holds(each, some))
        : value instanceof String text && some.contains(text);
  }

  private static String text(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      return String.valueOf(value);
    }
  }

  private static Map<String, String> settings(TaskSettings settings) {
    Map<String, Object> speed = new LinkedHashMap<>();
    speed.put("concurrent", settings.channels());
    speed.put("throttle", settings.bytesPerSecond() > 0 || settings.recordsPerSecond() > 0);
    if (settings.bytesPerSecond() > 0) {
      speed.put("byte", settings.bytesPerSecond());
    }
    if (settings.recordsPerSecond() > 0) {
      speed.put("record", settings.recordsPerSecond());
    }
    Map<String, Object> errorLimit = new LinkedHashMap<>();
    DirtyLimit limit = settings.dirtyLimit();
    if (limit.records() != Long.MAX_VALUE) {
      errorLimit.put("record", limit.records());
    }
    if (limit.share() < 1) {
      errorLimit.put("percentage", limit.share());
    }
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("speed", text(speed));
    lines.put("errorLimit", text(errorLimit));
    lines.put("timeZone", settings.zone().getId());
    lines.put("splitRetries", Integer.toString(settings.splitRetries()));
    lines.put("stallTimeout", settings.stallTimeout().toSeconds() + "s");
    return lines;
  }

  /** Marked with its padding, which would tell how short the value is. */
  private static String closedLine(String key, String value) {
    return String.format("%33s=[%s]", key, Sensitive.mark(String.format("%-30s", value)));
  }

  private static String line(String key, String value) {
    return String.format("%33s=[%-30s]", key, value);
  }
}
