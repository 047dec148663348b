package io.millrace.engine.task;

import io.millrace.api.TaskForm;
import io.millrace.engine.task.Outline.End;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * DataWorks code-editor JSON: {@code type: job}, {@code steps[]}, {@code order.hops}, {@code
 * setting}, {@code extend}; and the older form with version 1.0, whose {@code configuration} has a
 * reader, a writer and the setting.
 */
final class DataworksForm {

  private DataworksForm() {}

  static Outline outline(Node root, ReadSettings defaults, Notes notes) {
    checkHead(root);
    if (root.at("steps").isEmpty()) {
      return ofVersion1(root, defaults, notes);
    }
    List<Node> readers = new ArrayList<>();
    List<Node> writers = new ArrayList<>();
    Set<String> ignored = new HashSet<>();
    for (Node step : root.at("steps").items()) {
      switch (category(step)) {
        case "reader" -> readers.add(step);
        case "writer" -> writers.add(step);
        default -> {
          boolean works =
              step.at("stepType").text().isPresent()
                  || step.at("parameter").entries().get("nodes") instanceof List<?> nodes
                      && !nodes.isEmpty();
          if (works) {
            throw step.wrong(
                "is refused: a step of category "
                    + step.at("category").text().orElse("")
                    + " would change rows and is not supported");
          }
          step.at("name").text().ifPresent(ignored::add);
        }
      }
      CompatibleSettings.stray(
          step, Set.of("stepType", "name", "category", "parameter", "copies", "gui"), notes);
    }
    Node reader = only(root, readers, "reader");
    Node writer = only(root, writers, "writer");
    checkHops(root.at("order"), stepName(reader), stepName(writer), ignored);
    CompatibleSettings.stray(
        root,
        Set.of("type", "version", "steps", "order", "setting", "extend", "common", "traceId"),
        notes);
    return outline(root, end(reader), end(writer), root.at("setting"), defaults, notes);
  }

  private static Outline ofVersion1(Node root, ReadSettings defaults, Notes notes) {
    Node configuration = root.at("configuration");
    CompatibleSettings.stray(
        root, Set.of("type", "version", "configuration", "extend", "common", "traceId"), notes);
    CompatibleSettings.stray(configuration, Set.of("reader", "writer", "setting"), notes);
    return outline(
        root,
        ofVersion1(configuration.at("reader"), notes),
        ofVersion1(configuration.at("writer"), notes),
        configuration.at("setting"),
        defaults,
        notes);
  }

  private static End ofVersion1(Node end, Notes notes) {
    CompatibleSettings.stray(end, Set.of("plugin", "parameter"), notes);
    Node plugin = end.at("plugin");
    return new End(
        plugin.text().orElseThrow(() -> plugin.wrong("is missing: it names the connector")),
        end.at("parameter"));
  }

  private static Outline outline(
      Node root, End reader, End writer, Node setting, ReadSettings defaults, Notes notes) {
    return new Outline(
        root.with(null),
        reader,
        writer,
        CompatibleSettings.zone(setting, root.at("common")),
        false,
        parameters ->
            new CompatibleSettings(
                    parameters.apply(setting),
                    root.at("core").with(null),
                    parameters.apply(root.at("common")),
                    notes)
                .read(defaults, TaskForm.DATAWORKS));
  }

  private static void checkHead(Node root) {
    Node type = root.at("type");
    if (!type.text().orElse("job").equals("job")) {
      throw type.wrong("must be job, found '" + Node.shorten(type.text().orElse("")) + "'");
    }
    boolean old = root.at("steps").isEmpty();
    if (old && root.at("configuration").isEmpty()) {
      throw root.at("steps").wrong("is missing: it holds the reader and the writer");
    }
    String major = old ? "1" : "2";
    Node version = root.at("version");
    if (version.text().map(text -> !text.startsWith(major)).orElse(false)) {
      throw version.wrong(
          "must be " + major + ".0, found '" + Node.shorten(version.text().orElse("")) + "'");
    }
  }

  private static String category(Node step) {
    Node category = step.at("category");
    return category
        .text()
        .orElseThrow(() -> category.wrong("is missing: it is reader or writer"))
        .toLowerCase(Locale.ROOT);
  }

  private static Node only(Node root, List<Node> steps, String category) {
    if (steps.size() != 1) {
      throw root.at("steps")
          .wrong(
              "must have one step of category "
                  + category
                  + ", found "
                  + (steps.isEmpty() ? "none" : steps.size() + ", which is not supported"));
    }
    return steps.get(0);
  }

  private static String stepName(Node step) {
    return step.at("name").text().orElse("");
  }

  private static End end(Node step) {
    Node type = step.at("stepType");
    return new End(
        type.text().orElseThrow(() -> type.wrong("is missing: it names the connector")),
        step.at("parameter"));
  }

  /** The hops must lead from the reader to the writer, past ignored steps at most. */
  private static void checkHops(Node order, String reader, String writer, Set<String> ignored) {
    Node hops = order.at("hops");
    if (hops.isEmpty()) {
      return;
    }
    Map<String, String> next = new HashMap<>();
    for (Node hop : hops.items()) {
      String from = hop.at("from").text().orElseThrow(() -> hop.wrong("has no from"));
      String to = hop.at("to").text().orElseThrow(() -> hop.wrong("has no to"));
      if (next.put(from, to) != null) {
        throw hop.wrong("leads from '" + from + "' a second time, which is not supported");
      }
    }
    String at = reader;
    int taken = 0;
    while (!at.equals(writer)) {
      String to = next.get(at);
      if (to == null || !(to.equals(writer) || ignored.contains(to)) || ++taken > next.size()) {
        throw hops.wrong(
            "must lead from the reader '" + reader + "' to the writer '" + writer + "'");
      }
      at = to;
    }
    if (taken != next.size()) {
      throw hops.wrong("has hops besides the one from the reader to the writer");
    }
  }
}
