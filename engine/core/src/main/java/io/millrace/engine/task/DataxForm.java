package io.millrace.engine.task;

import io.millrace.api.TaskForm;
import io.millrace.engine.task.Outline.End;
import java.util.List;
import java.util.Set;

/** DataX JSON: {@code job.content[0]}, {@code job.setting}, {@code core}, {@code common}. */
final class DataxForm {

  private DataxForm() {}

  static Outline outline(Node root, ReadSettings defaults, Notes notes) {
    Node job = root.at("job");
    List<Node> contents = job.at("content").items();
    if (contents.size() != 1) {
      throw job.at("content")
          .wrong(
              contents.isEmpty()
                  ? "is missing: it holds the reader and the writer"
                  : "has "
                      + contents.size()
                      + " entries, and only one is supported: write a task file for each");
    }
    Node content = contents.get(0);
    refuse(content.at("transformer"), "transformers would change rows and are not supported");
    refuse(job.at("preHandler"), "handlers are not supported");
    refuse(job.at("postHandler"), "handlers are not supported");
    CompatibleSettings.stray(root, Set.of("job", "core", "common", "entry"), notes);
    CompatibleSettings.stray(job, Set.of("content", "setting", "preHandler", "postHandler"), notes);
    CompatibleSettings.stray(content, Set.of("reader", "writer", "transformer"), notes);
    CompatibleSettings.strayLeaves(root.at("entry"), notes);
    Node setting = job.at("setting");
    return new Outline(
        root.with(null),
        end(content.at("reader"), notes),
        end(content.at("writer"), notes),
        CompatibleSettings.zone(setting, root.at("common")),
        true,
        parameters ->
            new CompatibleSettings(
                    parameters.apply(setting),
                    parameters.apply(root.at("core")),
                    parameters.apply(root.at("common")),
                    notes)
                .read(defaults, TaskForm.DATAX));
  }

  private static End end(Node end, Notes notes) {
    if (end.isAbsent()) {
      throw end.wrong("is missing");
    }
    CompatibleSettings.stray(end, Set.of("name", "parameter"), notes);
    Node name = end.at("name");
    return new End(
        name.text().orElseThrow(() -> name.wrong("is missing: it names the connector")),
        end.at("parameter"));
  }

  private static void refuse(Node node, String why) {
    if (!node.isEmpty()) {
      throw node.wrong("is refused: " + why);
    }
  }
}
