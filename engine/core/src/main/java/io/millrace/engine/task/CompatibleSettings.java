package io.millrace.engine.task;

import io.millrace.api.Counted;
import io.millrace.api.Narrowing;
import io.millrace.api.TaskContext;
import io.millrace.api.TaskForm;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * The settings of DataX and DataWorks files. What a setting means is taken from those products'
 * documentation and, for DataX's channel arithmetic and error limits, from what DataX does.
 */
final class CompatibleSettings {

  private static final int MAX_CHANNELS = 32;
  private static final int MOST_LEAVES = 20;

  /** Settings of {@code common.column} that would change rows, with the values that do not. */
  private static final Map<String, String> COLUMN_DEFAULTS =
      Map.of(
          "datetimeFormat", "yyyy-MM-dd HH:mm:ss",
          "timeFormat", "HH:mm:ss",
          "dateFormat", "yyyy-MM-dd",
          "encoding", "utf-8");

  private final Node setting;
  private final Node core;
  private final Node common;
  private final Notes notes;

  CompatibleSettings(Node setting, Node core, Node common, Notes notes) {
    this.setting = setting;
    this.core = core;
    this.common = common;
    this.notes = notes;
  }

  /** Notes each key that is not known. */
  static void stray(Node node, Set<String> known, Notes notes) {
    for (String key : node.entries().keySet()) {
      if (!known.contains(key)) {
        notes.stray(node.child(key) + " has no meaning here");
      }
    }
  }

  /** Notes each value below the node, except those whose path is known. */
  static void strayLeaves(Node node, Notes notes, String... known) {
    int[] left = {MOST_LEAVES};
    strayLeaves(node, notes, Set.of(known), left);
    if (left[0] < 0) {
      notes.stray(node.path() + " has " + -left[0] + " more settings without meaning here");
    }
  }

  private static void strayLeaves(Node node, Notes notes, Set<String> known, int[] left) {
    if (node.value() instanceof Map) {
      node.entries().keySet().forEach(key -> strayLeaves(node.at(key), notes, known, left));
    } else if (!node.isAbsent() && !known.contains(node.path()) && --left[0] >= 0) {
      notes.stray(node.path() + " has no meaning here");
    }
  }

  /** Where the time zone stands: with the settings (DataWorks) or at the top (DataX). */
  static Node zone(Node setting, Node common) {
    Node inside = setting.at("common", "column", "timeZone");
    return inside.isEmpty() ? common.at("column", "timeZone") : inside;
  }

  /** The rules of a kind of document, with the narrowing that the task chooses. */
  static TaskContext.Rules rules(TaskForm form, Node narrowing) {
    TaskContext.Rules rules = TaskContext.Rules.of(form);
    return narrowing
        .text()
        .map(word -> rules.withNarrowing(narrowing(narrowing, word)))
        .orElse(rules);
  }

  private static Narrowing narrowing(Node node, String word) {
    for (Narrowing each : Narrowing.values()) {
      if (each.name().equalsIgnoreCase(word)) {
        return each;
      }
    }
    throw node.wrong("must be refuse, round or dirty, found '" + Node.shorten(word) + "'");
  }

  TaskSettings read(ReadSettings defaults, TaskForm form) {
    Node zoneNode = zone(setting, common);
    ZoneId zone =
        zoneNode.text().map(text -> Quantities.zone(zoneNode, text)).orElse(defaults.zone());
    checkColumns(common.at("column"));
    checkColumns(setting.at("common", "column"));
    remarks();
    Node speed = setting.at("speed");
    TaskSettings settings = TaskSettings.defaults(zone).withDirtyLimit(dirtyLimit());
    int channels = channels(speed, settings.channels());
    return settings
        .withChannels(channels)
        .withRules(rules(form, setting.at("narrowing")))
        .withRate(rate("byte", channels, megabytes(speed)), rate("record", channels, 0));
  }

  private void checkColumns(Node column) {
    for (String key : column.entries().keySet()) {
      Node node = column.at(key);
      if (key.equals("timeZone") || node.isEmpty()) {
        continue;
      }
      if (!key.equals("extraFormats") && !COLUMN_DEFAULTS.containsKey(key)) {
        notes.stray(node.path() + " has no meaning here");
      } else if (!isDefault(key, node)) {
        throw node.wrong("is refused: it would change values and is not supported");
      }
    }
  }

  private static boolean isDefault(String key, Node node) {
    return switch (key) {
      case "extraFormats" ->
          node.items().stream().allMatch(item -> item.text().orElse("").equals("yyyyMMdd"));
      case "encoding" -> node.text().orElse("").equalsIgnoreCase(COLUMN_DEFAULTS.get(key));
      default -> node.text().orElse("").equals(COLUMN_DEFAULTS.get(key));
    };
  }

  private void remarks() {
    if (setting.at("dryRun").bool().orElse(false)) {
      throw setting.at("dryRun").wrong("is refused: use 'millrace check' to run without writing");
    }
    stray(
        setting,
        Set.of(
            "speed",
            "errorLimit",
            "common",
            "executeMode",
            "failoverEnable",
            "jvmMemory",
            "jvmOption",
            "locale",
            "dryRun",
            "narrowing"),
        notes);
    stray(
        setting.at("speed"),
        Set.of("concurrent", "channel", "throttle", "mbps", "byte", "record", "dmu"),
        notes);
    stray(setting.at("errorLimit"), Set.of("record", "percentage", "strategy"), notes);
    strayLeaves(
        core,
        notes,
        "core.transport.channel.speed.byte",
        "core.transport.channel.speed.record",
        "core.transport.channel.speed.channel");
    remarkExecuteMode();
    Node failover = setting.at("failoverEnable");
    failover
        .bool()
        .filter(on -> !on)
        .ifPresent(
            off ->
                notes.remark(
                    failover.path() + ": a resumed run goes on from finished splits all the same"));
    for (String key : List.of("jvmMemory", "jvmOption")) {
      if (!setting.at(key).isEmpty()) {
        notes.remark(
            setting.child(key)
                + " counts only where a run has a process of its own: set MILLRACE_OPTS");
      }
    }
  }

  private void remarkExecuteMode() {
    Node mode = setting.at("executeMode");
    Optional<String> word = mode.text().filter(text -> !text.equalsIgnoreCase("null"));
    if (word.isEmpty()) {
      return;
    }
    if (!word.get().equalsIgnoreCase("distribute")) {
      throw mode.wrong("must be null or distribute, found '" + Node.shorten(word.get()) + "'");
    }
    notes.remark(mode.path() + ": the splits run in this process, as no cluster is set up");
  }

  /**
   * DataX derives the number from the limits where it can and then ignores {@code speed.channel}.
   */
  private int channels(Node speed, int fallback) {
    Node asked = speed.at(speed.at("concurrent").isEmpty() ? "channel" : "concurrent");
    Optional<Long> derived = derivedChannels();
    if (derived.isPresent()) {
      asked
          .whole()
          .filter(number -> !number.equals(derived.get()))
          .ifPresent(
              number ->
                  notes.remark(
                      asked.path()
                          + " does not count, because the limits give "
                          + Counted.of(derived.get(), "channel", "channels")
                          + ", as in DataX"));
      return capped(setting.at("speed"), derived.get());
    }
    Optional<Long> number = asked.whole();
    boolean unset = asked.path().endsWith(".channel") && number.isPresent() && number.get() < 1;
    if (unset && (total("byte") > 0 || total("record") > 0)) {
      // So DataX documents say that the limits alone count.
      notes.remark(
          asked.path()
              + " is "
              + number.get()
              + " beside a limit of speed, so "
              + Counted.of(fallback, "channel is", "channels are")
              + " used");
      return fallback;
    }
    if (number.isPresent() && number.get() < 1) {
      throw asked.wrong("must be between 1 and " + MAX_CHANNELS + ", found " + number.get());
    }
    return number.map(count -> capped(asked, count)).orElse(fallback);
  }

  private int capped(Node where, long channels) {
    if (channels > MAX_CHANNELS) {
      notes.remark(
          where.path() + ": " + channels + " channels become " + MAX_CHANNELS + ", the most");
    }
    return (int) Math.min(channels, MAX_CHANNELS);
  }

  private Optional<Long> derivedChannels() {
    BiFunction<Long, Long, Long> quotient =
        (total, each) -> total > 0 && each > 0 ? Math.max(1, total / each) : Long.MAX_VALUE;
    long number =
        Math.min(
            quotient.apply(total("byte"), perChannel("byte")),
            quotient.apply(total("record"), perChannel("record")));
    return number == Long.MAX_VALUE ? Optional.empty() : Optional.of(number);
  }

  private long total(String unit) {
    return Math.max(0, setting.at("speed", unit).whole().orElse(0L));
  }

  private long perChannel(String unit) {
    return Math.max(0, core.at("transport", "channel", "speed", unit).whole().orElse(0L));
  }

  /** The smallest of the limits that are set; 0 for none. */
  private long rate(String unit, int channels, long other) {
    long each = perChannel(unit);
    long all = each > Long.MAX_VALUE / channels ? Long.MAX_VALUE : each * channels;
    long rate = Long.MAX_VALUE;
    for (long limit : new long[] {total(unit), all, other}) {
      rate = limit > 0 ? Math.min(rate, limit) : rate;
    }
    return rate == Long.MAX_VALUE ? 0 : rate;
  }

  private long megabytes(Node speed) {
    Node throttle = speed.at("throttle");
    Node mbps = speed.at("mbps");
    Optional<Boolean> on = throttle.bool();
    if (on.isPresent() && !on.get()) {
      return 0;
    }
    Optional<BigDecimal> number = mbps.number();
    if (number.isEmpty()) {
      if (on.isPresent()) {
        throw mbps.wrong("is missing: throttle is on, so state the limit in MB/s");
      }
      return 0;
    }
    if (number.get().signum() <= 0) {
      throw mbps.wrong("must be above 0, as a number of MB/s");
    }
    if (on.isEmpty()) {
      notes.remark(mbps.path() + " limits the task, although throttle is not stated");
    }
    return Quantities.whole(mbps, number.get().multiply(Quantities.MEGABYTE));
  }

  private DirtyLimit dirtyLimit() {
    Node limit = setting.at("errorLimit");
    Node record = limit.at("record");
    Node percentage = limit.at("percentage");
    Optional<Long> records = record.whole();
    if (records.isPresent() && records.get() < 0) {
      throw record.wrong("must be 0 or more, found " + records.get());
    }
    Optional<BigDecimal> share = percentage.number();
    if (share.isPresent()
        && (share.get().signum() < 0 || share.get().compareTo(BigDecimal.ONE) > 0)) {
      throw percentage.wrong("must be a share between 0 and 1, so 0.02 for 2 %");
    }
    Node strategy = limit.at("strategy");
    String word = strategy.text().orElse("").toLowerCase(Locale.ROOT);
    switch (word) {
      case "":
        break;
      case "ignore":
        remarkOverruled(limit, "Ignore");
        return DirtyLimit.UNLIMITED;
      case "zerotolerance":
        if (records.isPresent() && records.get() > 0) {
          remarkOverruled(limit, "ZeroTolerance");
        }
        return DirtyLimit.ofRecords(0);
      case "tolerance":
        if (records.isEmpty() && share.isEmpty()) {
          throw record.wrong("is missing: the strategy Tolerance needs the number of records");
        }
        break;
      default:
        throw strategy.wrong(
            "must be Ignore, Tolerance or ZeroTolerance, found '" + Node.shorten(word) + "'");
    }
    if (records.isPresent()) {
      if (share.isPresent()) {
        notes.remark(percentage.path() + " does not count beside record, as in DataX");
      }
      return DirtyLimit.ofRecords(records.get());
    }
    return share
        .map(part -> new DirtyLimit(Long.MAX_VALUE, part.doubleValue()))
        .orElse(DirtyLimit.UNSTATED);
  }

  private void remarkOverruled(Node limit, String strategy) {
    Set<String> others = new HashSet<>(limit.entries().keySet());
    others.removeIf(key -> key.equals("strategy") || limit.at(key).isEmpty());
    if (!others.isEmpty()) {
      notes.remark(limit.path() + ": the strategy " + strategy + " counts, not the number");
    }
  }
}
