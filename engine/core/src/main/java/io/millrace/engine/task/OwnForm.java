package io.millrace.engine.task;

import io.millrace.api.TaskForm;
import io.millrace.api.error.MillraceException;
import io.millrace.api.option.Nearest;
import io.millrace.engine.task.Outline.End;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Millrace's own short form, written by hand. Unknown keys are errors. */
final class OwnForm {

  private OwnForm() {}

  static Outline outline(Node root, ReadSettings defaults) {
    only(root, List.of("name", "description", "reader", "writer", "setting"));
    Node setting = root.at("setting");
    return new Outline(
        root.at("name"),
        end(root.at("reader")),
        root.at("writer").isAbsent() ? null : end(root.at("writer")),
        setting.at("zone"),
        false,
        parameters -> settings(parameters.apply(setting), defaults));
  }

  static MillraceException missing(Node end) {
    return end.wrong("is missing: write the connector's name and, below it, its options");
  }

  private static void only(Node node, List<String> known) {
    for (String key : node.entries().keySet()) {
      if (!known.contains(key)) {
        String nearest = Nearest.of(key, known);
        throw node.wrong(
            "has the unknown key '"
                + Node.shorten(key)
                + "'"
                + (nearest == null
                    ? "; known are " + String.join(", ", known)
                    : ": did you mean '" + nearest + "'?"));
      }
    }
  }

  /** Either {@code mysql: {table: …}} or {@code type: mysql} beside the options. */
  private static End end(Node end) {
    if (end.isEmpty()) {
      throw missing(end);
    }
    Map<String, Object> entries = end.entries();
    if (entries.get("type") instanceof String type && !type.isBlank()) {
      Map<String, Object> options = new LinkedHashMap<>(entries);
      options.remove("type");
      return new End(type.strip(), end.with(options));
    }
    String name = entries.keySet().iterator().next();
    Node options = end.at(name);
    if (entries.size() != 1 || !(options.isAbsent() || options.value() instanceof Map)) {
      throw end.wrong(
          "must be one connector's name with its options below, or have a type beside its options");
    }
    return new End(name, options);
  }

  private static TaskSettings settings(Node setting, ReadSettings defaults) {
    only(
        setting,
        List.of(
            "channels",
            "rate",
            "dirty",
            "zone",
            "retries",
            "retryDelay",
            "stallTimeout",
            "batchBytes",
            "maxValueBytes",
            "narrowing"));
    Node zone = setting.at("zone");
    TaskSettings base =
        TaskSettings.defaults(
            zone.text().map(text -> Quantities.zone(zone, text)).orElse(defaults.zone()));
    Rate rate = rate(setting.at("rate"));
    return base.withChannels((int) number(setting.at("channels"), 1, 32, base.channels()))
        .withRate(rate.bytes(), rate.records())
        .withDirtyLimit(dirty(setting.at("dirty")))
        .withRetries(
            (int) number(setting.at("retries"), 0, 100, base.splitRetries()),
            duration(setting.at("retryDelay"), base.retryDelay()))
        .withStallTimeout(duration(setting.at("stallTimeout"), base.stallTimeout()))
        .withSizes(
            size(setting.at("batchBytes"), 64 << 10, 64 << 20, base.batchBytes()),
            size(setting.at("maxValueBytes"), 1 << 10, 1 << 30, base.maxValueBytes()))
        .withRules(CompatibleSettings.rules(TaskForm.OWN, setting.at("narrowing")));
  }

  private static long number(Node node, long min, long max, long fallback) {
    long number = node.whole().orElse(fallback);
    if (number < min || number > max) {
      throw node.wrong("must be between " + min + " and " + max + ", found " + number);
    }
    return number;
  }

  private static int size(Node node, int min, int max, int fallback) {
    long bytes = node.text().map(text -> Quantities.bytes(node, text)).orElse((long) fallback);
    if (bytes < min || bytes > max) {
      throw node.wrong(
          "must be between " + (min >> 10) + "KB and " + (max >> 20) + "MB, found " + bytes + "B");
    }
    return (int) bytes;
  }

  private static Duration duration(Node node, Duration fallback) {
    Duration duration = node.text().map(text -> Quantities.duration(node, text)).orElse(fallback);
    if (duration.isZero() || duration.compareTo(Duration.ofDays(7)) > 0) {
      throw node.wrong("must be between 1ms and 168h");
    }
    return duration;
  }

  /** {@code 2MB}, or {@code {bytes: 2MB, records: 1000}}; per second, over the whole task. */
  private static Rate rate(Node node) {
    if (!(node.value() instanceof Map)) {
      return new Rate(positive(node), 0);
    }
    only(node, List.of("bytes", "records"));
    Node records = node.at("records");
    long number = records.whole().orElse(0L);
    if (number < 1 && !records.isEmpty()) {
      throw records.wrong("must be above 0; leave it out for no limit");
    }
    return new Rate(positive(node.at("bytes")), number);
  }

  private static long positive(Node node) {
    Optional<Long> bytes = node.text().map(text -> Quantities.bytes(node, text));
    if (bytes.isPresent() && bytes.get() < 1) {
      throw node.wrong("must be above 0; leave it out for no limit");
    }
    return bytes.orElse(0L);
  }

  /** {@code 10}, {@code all}, {@code none}, {@code 0.5%}, or {@code {records: 10, share: 0.5%}}. */
  private static DirtyLimit dirty(Node node) {
    if (node.isEmpty()) {
      return DirtyLimit.UNSTATED;
    }
    if (node.value() instanceof Map) {
      only(node, List.of("records", "share"));
      Node records = node.at("records");
      Node share = node.at("share");
      return new DirtyLimit(
          number(records, 0, Long.MAX_VALUE, Long.MAX_VALUE),
          share.text().map(text -> share(share, text)).orElse(1.0));
    }
    String word = node.text().orElse("");
    return switch (word) {
      case "all" -> DirtyLimit.UNLIMITED;
      case "none" -> DirtyLimit.ofRecords(0);
      default ->
          word.endsWith("%")
              ? new DirtyLimit(Long.MAX_VALUE, share(node, word))
              : DirtyLimit.ofRecords(number(node, 0, Long.MAX_VALUE, 0));
    };
  }

  private static double share(Node node, String text) {
    if (text.endsWith("%")) {
      Node number = node.with(text.substring(0, text.length() - 1));
      double percent = number.number().map(BigDecimal::doubleValue).orElse(-1.0);
      if (percent >= 0 && percent <= 100) {
        return percent / 100;
      }
    }
    throw node.wrong("must be a percentage such as 0.5%, found '" + Node.shorten(text) + "'");
  }

  private record Rate(long bytes, long records) {}
}
