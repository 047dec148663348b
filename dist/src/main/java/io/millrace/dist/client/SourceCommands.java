package io.millrace.dist.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.Counted;
import io.millrace.dist.text.Texts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of {@code millrace task} that looks at what a task would read. */
final class SourceCommands {

  private static final Endpoint SAVED = Endpoint.of("POST /tasks/{id}/source");
  private static final Endpoint UNSAVED = Endpoint.of("POST /tasks/source");

  private SourceCommands() {}

  static ClientCommand saved() {
    return options(
            ClientCommand.of(
                    "source",
                    "Show the columns and the first records that the draft would read.",
                    SAVED)
                .argument("TASK", Lookup.HELP)
                .option("--version", "VERSION", "A published version instead of the draft."))
        .does(
            invocation -> {
              ObjectNode look = look(invocation);
              invocation.number("--version").ifPresent(version -> look.put("version", version));
              return shown(
                  invocation, invocation.api().send(SAVED, look, TaskCommands.TASK.of(invocation)));
            });
  }

  /** The definition's options are added by who knows them. */
  static ClientCommand unsaved() {
    return options(
            ClientCommand.of("source-file", "Show the same of a task that is not saved.", UNSAVED))
        .option("--name", "NAME", "What the task is called.")
        .hint("The script needs only a reader: 'reader: {files: {path: /data/in/*.csv}}'.")
        .does(
            invocation -> {
              ObjectNode look = look(invocation);
              invocation.option("--name").ifPresent(name -> look.put("name", name));
              look.set("definition", DraftCommands.definition(invocation));
              return shown(invocation, invocation.api().send(UNSAVED, look));
            });
  }

  private static ClientCommand options(ClientCommand command) {
    return command
        .option("--records", "N", "How many, 0 (the columns alone) to 200; 20 when not given.")
        .option(
            "--business-date",
            "DATE",
            "What parameters are filled in for, such as 2026-03-10; yesterday when not given.");
  }

  private static ObjectNode look(Invocation invocation) {
    ObjectNode look = Json.object();
    invocation
        .option("--business-date")
        .map(date -> Invocation.date("--business-date", date))
        .ifPresent(date -> look.put("businessDate", date));
    invocation.number("--records").ifPresent(records -> look.put("records", records));
    return look;
  }

  private static boolean shown(Invocation invocation, ApiClient.Reply reply) {
    Output output = invocation.output();
    if (output.isJson()) {
      output.raw(reply.bytes());
      return true;
    }
    JsonNode seen = reply.json();
    output.table(seen.path("columns"), List.of("name", "type", "nullable", "nativeType"));
    if (!seen.path("records").isEmpty()) {
      output.line("");
      output.records(seen.path("columns").findValuesAsText("name"), records(seen));
    }
    for (JsonNode cut : seen.path("cut")) {
      invocation
          .context()
          .warn(
              "cut: "
                  + cut.path("column").asText()
                  + " of record "
                  + (cut.path("record").asInt() + 1)
                  + " has "
                  + Counted.of(cut.path("bytes").asLong(), "byte", "bytes"));
    }
    seen.path("dirty")
        .forEach(line -> invocation.context().warn("a record cannot be read: " + line.asText()));
    seen.path("notes").forEach(line -> invocation.context().warn(line.asText()));
    return true;
  }

  private static List<List<String>> records(JsonNode seen) {
    List<List<String>> records = new ArrayList<>();
    for (JsonNode record : seen.path("records")) {
      List<@Nullable String> values = new ArrayList<>();
      record.forEach(value -> values.add(value.isNull() ? null : value.asText()));
      records.add(Texts.record(values));
    }
    return records;
  }
}
