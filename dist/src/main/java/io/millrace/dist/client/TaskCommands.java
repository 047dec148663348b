package io.millrace.dist.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code millrace task}: what there is, and how it is written, published and run. */
final class TaskCommands implements ClientCommands {

  static final Endpoint SHOW = Endpoint.of("GET /tasks/{id}");

  /** The argument that names a task. */
  static final Subject TASK = new Subject("TASK", Lookup.HELP, Lookup::task);

  private static final Endpoint LIST = Endpoint.of("GET /tasks");
  private static final Endpoint DELETE = Endpoint.of("DELETE /tasks/{id}");
  private static final Endpoint FREEZE = Endpoint.of("POST /tasks/{id}/freeze");
  private static final Endpoint UNFREEZE = Endpoint.of("POST /tasks/{id}/unfreeze");
  private static final Endpoint VERSIONS = Endpoint.of("GET /tasks/{id}/versions");
  private static final Endpoint VERSION = Endpoint.of("GET /tasks/{id}/versions/{version}");
  private static final Endpoint EXPORT = Endpoint.of("GET /tasks/{id}/versions/{version}/export");
  private static final Endpoint DIFF = Endpoint.of("GET /tasks/{id}/diff");
  private static final Endpoint TEST = Endpoint.of("POST /tasks/{id}/test");
  private static final Endpoint RUN = Endpoint.of("POST /tasks/{id}/run");
  private static final Endpoint REPORT = Endpoint.of("GET /tasks/{id}/reconciliation");
  private static final Endpoint REPAIR = Endpoint.of("POST /tasks/{id}/reconciliation");

  @Override
  public String summary() {
    return "Tasks of a server: write, publish and run them.";
  }

  @Override
  public List<ClientCommand> commands() {
    List<ClientCommand> commands = new ArrayList<>();
    commands.add(
        Lists.command(
                "list",
                "List tasks, the newest first.",
                LIST,
                Lists.Form.SLICES,
                "id",
                "name",
                "workflow",
                "owner",
                "published",
                "hasDraft",
                "frozen",
                "labels")
            .filter("--name", "TEXT", "Only those with this in their name.")
            .filter("--owner", "USER", "Only those of this owner.")
            .filter("--label", "LABEL", "Only those with this label.")
            .filter("--workflow", "NAME", "Only those of this workflow.")
            .filterChoice(
                "--published", "Only those with a published version, or without", "true", "false"));
    commands.add(TASK.calling("show", "Show a task with its draft.", SHOW));
    commands.addAll(DraftCommands.commands());
    commands.add(
        TASK.listing(
            "versions",
            "List the published versions.",
            VERSIONS,
            "version",
            "slots",
            "publishedBy",
            "publishedAt",
            "note"));
    commands.add(
        ClientCommand.of("version", "Show a published version.", VERSION)
            .argument("TASK", Lookup.HELP)
            .argument("VERSION", "Its number.")
            .does(
                invocation ->
                    Subject.shown(
                        invocation,
                        invocation
                            .api()
                            .call(
                                VERSION,
                                Map.of(),
                                TASK.of(invocation),
                                invocation.id("VERSION")))));
    commands.add(
        ClientCommand.of("export", "Write a version's task file to standard output.", SHOW, EXPORT)
            .argument("TASK", Lookup.HELP)
            .optionalArgument("VERSION", "Its number; the published one when not given.")
            .does(TaskCommands::export));
    commands.add(
        TASK.listing("diff", "Compare two versions.", DIFF, "field", "before", "after")
            .filter("--from", "VERSION", "The published one when not given.")
            .filter("--to", "VERSION", "The draft when not given."));
    commands.add(
        TASK.calling("freeze", "Have the instances that are made from now on skipped.", FREEZE));
    commands.add(
        TASK.calling("unfreeze", "Let the instances that are made from now on run.", UNFREEZE));
    commands.add(
        TASK.calling(
            "delete", "Delete a task; refused while it runs or others depend on it.", DELETE));
    commands.add(test());
    commands.add(run());
    commands.add(
        ClientCommand.of(
                "reconcile",
                "Compare the instances that its schedule expects with those that exist.",
                REPORT,
                REPAIR)
            .argument("TASK", Lookup.HELP)
            .filter(
                "--from",
                "INSTANT",
                "The first, such as 2026-03-10T00:00:00Z; a week ago when not given.")
            .filter(
                "--to", "INSTANT", "The one after the last; a week after --from when not given.")
            .flag("--repair", "Make what is missing; with --from and --to.")
            .does(TaskCommands::reconcile));
    return commands;
  }

  private static ClientCommand test() {
    return ClientCommand.of("test", "Test a task for a business date.", TEST)
        .argument("TASK", Lookup.HELP)
        .argument("DATE", "The business date, such as 2026-03-10.")
        .flag(Waiting.WAIT, Waiting.HELP)
        .does(
            invocation ->
                made(
                    invocation,
                    invocation
                        .api()
                        .send(
                            TEST,
                            Json.object()
                                .put(
                                    "businessDate",
                                    Invocation.date("DATE", invocation.argument("DATE"))),
                            TASK.of(invocation))));
  }

  private static ClientCommand run() {
    return ClientCommand.of("run", "Run a task now.", RUN)
        .argument("TASK", Lookup.HELP)
        .flag(Waiting.WAIT, Waiting.HELP)
        .does(
            invocation ->
                made(invocation, invocation.api().call(RUN, Map.of(), TASK.of(invocation))));
  }

  private static boolean made(Invocation invocation, ApiClient.Reply reply) {
    if (!invocation.flag(Waiting.WAIT)) {
      return Subject.shown(invocation, reply);
    }
    return Waiting.forInstances(invocation, List.of(reply.json().path("instance").asLong()));
  }

  private static boolean export(Invocation invocation) {
    Object task = TASK.of(invocation);
    long version =
        invocation
            .option("VERSION")
            .map(text -> Invocation.id("VERSION", text))
            .orElseGet(() -> published(invocation, task));
    invocation.output().raw(invocation.api().call(EXPORT, Map.of(), task, version).bytes());
    return true;
  }

  private static long published(Invocation invocation, Object task) {
    long published =
        invocation.api().call(SHOW, Map.of(), task).json().at("/task/published").asLong();
    if (published == 0) {
      throw ClientError.NOT_FOUND.because(
          "the task has no published version; see millrace task show");
    }
    return published;
  }

  private static boolean reconcile(Invocation invocation) {
    Object task = TASK.of(invocation);
    Map<String, String> range = invocation.query();
    if (!invocation.flag("--repair")) {
      return Subject.shown(invocation, invocation.api().call(REPORT, range, task));
    }
    if (range.size() < 2) {
      throw ClientError.INPUT.because("--repair needs --from and --to");
    }
    return Subject.shown(
        invocation,
        invocation
            .api()
            .send(
                REPAIR,
                Json.object().put("from", range.get("from")).put("to", range.get("to")),
                task));
  }
}
