package io.millrace.dist.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;

/** The part of {@code millrace task} that writes tasks, from the file to the published version. */
final class DraftCommands {

  private static final Endpoint CREATE = Endpoint.of("POST /tasks");
  private static final Endpoint IMPORT = Endpoint.of("POST /tasks/import");
  private static final Endpoint DESCRIBE = Endpoint.of("PUT /tasks/{id}");
  private static final Endpoint SAVE = Endpoint.of("PUT /tasks/{id}/draft");
  private static final Endpoint PUBLISH = Endpoint.of("POST /tasks/{id}/publish");
  private static final Endpoint PREVIEW = Endpoint.of("GET /tasks/{id}/preview");
  private static final Endpoint PREVIEW_FILE = Endpoint.of("POST /tasks/preview");

  private static final Subject TASK = TaskCommands.TASK;
  private static final String SCRIPT = "--script";
  private static final String REVISION = "--revision";
  private static final String REVISION_HELP =
      "The one that was looked at; refused when the task was changed since. The present one when"
          + " not given.";
  private static final String DEFINITION =
      "A definition may hold kind, script, schedule, run, parameters and dependencies, such as"
          + " 'schedule: {cycle: {every: day, time: 02:30}, zone: Europe/Berlin}'.";

  private DraftCommands() {}

  static List<ClientCommand> commands() {
    return List.of(
        ClientCommand.of(
                "import",
                "Make a task of a DataX, DataWorks or Millrace file, and data sources of the"
                    + " connections in it.",
                IMPORT)
            .argument("FILE", "The task file; - for standard input.")
            .option(
                "--name",
                "NAME",
                "What to call it; the file's name without its ending when not given.")
            .does(DraftCommands::importFile),
        defined(
            Subject.making(
                    "create",
                    "Make a task with a draft.",
                    CREATE,
                    invocation ->
                        Json.object()
                            .put("name", invocation.argument("NAME"))
                            .set("definition", definition(invocation)))
                .argument("NAME", "What to call it.")),
        defined(
            ClientCommand.of(
                    "save",
                    "Save the draft. What is not given stays as it is in the draft.",
                    TaskCommands.SHOW,
                    SAVE)
                .argument("TASK", Lookup.HELP)
                .option(REVISION, "N", REVISION_HELP)
                .flag("--whole", "What is not given gets its default instead.")
                .does(DraftCommands::save)),
        ClientCommand.of("describe", "Change what is said of a task.", TaskCommands.SHOW, DESCRIBE)
            .argument("TASK", Lookup.HELP)
            .option("--owner", "USER", "Whose it is.")
            .option("--description", "TEXT", "What it does.")
            .repeated("--label", "LABEL", "A label; together they take the place of all there are.")
            .flag("--no-labels", "Take all labels away.")
            .option(REVISION, "N", REVISION_HELP)
            .does(DraftCommands::describe),
        TASK.sending(
                "publish",
                "Make the draft a version, and instances of it.",
                PUBLISH,
                invocation -> Json.object().put("note", invocation.option("--note").orElse("")))
            .option("--note", "TEXT", "What is new in it."),
        TASK.calling(
                "preview", "Show the next times of the draft with the values they get.", PREVIEW)
            .filter("--version", "VERSION", "A published version instead of the draft.")
            .filter("--count", "N", "How many, 1 to 100; 10 when not given."),
        defined(
            Subject.making(
                    "preview-file",
                    "Show the next ten times of a task that is not saved.",
                    PREVIEW_FILE,
                    invocation ->
                        Json.object()
                            .put("name", invocation.option("--name").orElse("unsaved"))
                            .set("definition", definition(invocation)))
                .option("--name", "NAME", "What the task is called.")),
        SourceCommands.saved(),
        defined(SourceCommands.unsaved()));
  }

  private static ClientCommand defined(ClientCommand command) {
    return command
        .optionalArgument("FILE", InputFile.HELP)
        .option(SCRIPT, "TASK-FILE", "The task file that is its script; - for standard input.")
        .hint(DEFINITION);
  }

  static ObjectNode definition(Invocation invocation) {
    String file = invocation.option("FILE").orElse(null);
    String script = invocation.option(SCRIPT).orElse(null);
    if (file == null && script == null) {
      throw ClientError.INPUT.because("give a FILE with the definition, or its --script, or both");
    }
    ObjectNode definition =
        file == null ? Json.object() : InputFile.object(invocation.context(), file);
    if (script != null) {
      definition.put("script", InputFile.text(invocation.context(), script));
    }
    return definition;
  }

  private static boolean importFile(Invocation invocation) {
    String file = invocation.argument("FILE");
    String name = invocation.option("--name").orElseGet(() -> name(file));
    String text = InputFile.text(invocation.context(), file);
    return Subject.shown(
        invocation,
        invocation.api().send(IMPORT, Json.object().put("name", name).put("text", text)));
  }

  private static String name(String file) {
    if (file.equals("-")) {
      throw ClientError.INPUT.because("--name is needed where the file is standard input");
    }
    return String.valueOf(Path.of(file).getFileName()).replaceFirst("\\.(json|ya?ml)$", "");
  }

  private static boolean save(Invocation invocation) {
    ObjectNode given = definition(invocation);
    JsonNode now = TASK.now(invocation, TaskCommands.SHOW);
    ObjectNode definition = given;
    if (!invocation.flag("--whole")) {
      definition = now.path("definition").deepCopy();
      definition.setAll(given);
    }
    ObjectNode draft = Json.object().put("revision", revision(invocation, now));
    draft.set("definition", definition);
    return Subject.shown(
        invocation, invocation.api().send(SAVE, draft, now.at("/task/id").asLong()));
  }

  private static int revision(Invocation invocation, JsonNode now) {
    return invocation.number(REVISION).orElse(now.at("/task/revision").asInt());
  }

  private static boolean describe(Invocation invocation) {
    JsonNode now = TASK.now(invocation, TaskCommands.SHOW);
    JsonNode task = now.path("task");
    ObjectNode said =
        Json.object()
            .put("revision", revision(invocation, now))
            .put("owner", Subject.said(invocation, "--owner", task, "owner"))
            .put("description", Subject.said(invocation, "--description", task, "description"));
    ArrayNode labels = Json.array();
    invocation.all("--label").forEach(labels::add);
    boolean keep = labels.isEmpty() && !invocation.flag("--no-labels");
    said.set("labels", keep ? task.path("labels") : labels);
    return Subject.shown(
        invocation, invocation.api().send(DESCRIBE, said, task.path("id").asLong()));
  }
}
