package io.millrace.dist.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code millrace workflow}: tasks that belong together. */
final class WorkflowCommands implements ClientCommands {

  private static final Endpoint LIST = Endpoint.of("GET /workflows");
  private static final Endpoint CREATE = Endpoint.of("POST /workflows");
  private static final Endpoint SHOW = Endpoint.of("GET /workflows/{id}");
  private static final Endpoint SAVE = Endpoint.of("PUT /workflows/{id}");
  private static final Endpoint DELETE = Endpoint.of("DELETE /workflows/{id}");
  private static final Endpoint ADD = Endpoint.of("PUT /workflows/{id}/tasks/{task}");
  private static final Endpoint REMOVE = Endpoint.of("DELETE /workflows/{id}/tasks/{task}");
  private static final Endpoint PUBLISH = Endpoint.of("POST /workflows/{id}/publish");
  private static final Endpoint RUN = Endpoint.of("POST /workflows/{id}/run");
  private static final Endpoint TEST = Endpoint.of("POST /workflows/{id}/test");

  private static final Subject WORKFLOW = new Subject("WORKFLOW", Lookup.HELP, Lookup::workflow);

  @Override
  public String summary() {
    return "Tasks that belong together: publish, test and run them as one.";
  }

  @Override
  public List<ClientCommand> commands() {
    return List.of(
        Lists.command(
                "list",
                "List the workflows.",
                LIST,
                Lists.Form.SLICES,
                "id",
                "name",
                "owner",
                "tasks",
                "description")
            .filter("--name", "TEXT", "Only those with this in their name.")
            .filter("--owner", "USER", "Only those of this owner."),
        WORKFLOW.calling("show", "Show a workflow with its tasks and what they wait for.", SHOW),
        Subject.making(
                "create",
                "Make a workflow.",
                CREATE,
                invocation ->
                    Json.object()
                        .put("name", invocation.argument("NAME"))
                        .put("description", invocation.option("--description").orElse("")))
            .argument("NAME", "What to call it.")
            .option("--description", "TEXT", "What it does."),
        ClientCommand.of("save", "Change what is said of a workflow.", SHOW, SAVE)
            .argument("WORKFLOW", Lookup.HELP)
            .option("--owner", "USER", "Whose it is.")
            .option("--description", "TEXT", "What it does.")
            .option(
                "--revision",
                "N",
                "The one that was looked at; refused when it was changed since. The present one"
                    + " when not given.")
            .does(WorkflowCommands::save),
        WORKFLOW.calling("delete", "Delete a workflow.", DELETE),
        member("add-task", "Make a task one of the workflow.", ADD),
        member("remove-task", "Take a task out of the workflow.", REMOVE),
        WORKFLOW
            .sending(
                "publish",
                "Make the drafts of its tasks versions.",
                PUBLISH,
                invocation -> Json.object().put("note", invocation.option("--note").orElse("")))
            .option("--note", "TEXT", "What is new in them."),
        ClientCommand.of("run", "Run its tasks now.", RUN)
            .argument("WORKFLOW", Lookup.HELP)
            .flag(Waiting.WAIT, Waiting.HELP)
            .does(
                invocation ->
                    made(
                        invocation, invocation.api().call(RUN, Map.of(), WORKFLOW.of(invocation)))),
        ClientCommand.of("test", "Test its tasks for a business date.", TEST)
            .argument("WORKFLOW", Lookup.HELP)
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
                                WORKFLOW.of(invocation)))));
  }

  private static ClientCommand member(String name, String summary, Endpoint endpoint) {
    return ClientCommand.of(name, summary, endpoint)
        .argument("WORKFLOW", Lookup.HELP)
        .argument("TASK", Lookup.HELP)
        .does(
            invocation ->
                Subject.shown(
                    invocation,
                    invocation
                        .api()
                        .call(
                            endpoint,
                            Map.of(),
                            WORKFLOW.of(invocation),
                            TaskCommands.TASK.of(invocation))));
  }

  private static boolean save(Invocation invocation) {
    JsonNode now = WORKFLOW.now(invocation, SHOW).path("workflow");
    JsonNode said =
        Json.object()
            .put("revision", invocation.number("--revision").orElse(now.path("revision").asInt()))
            .put("owner", Subject.said(invocation, "--owner", now, "owner"))
            .put("description", Subject.said(invocation, "--description", now, "description"));
    return Subject.shown(invocation, invocation.api().send(SAVE, said, now.path("id").asLong()));
  }

  private static boolean made(Invocation invocation, ApiClient.Reply reply) {
    if (!invocation.flag(Waiting.WAIT)) {
      return Subject.shown(invocation, reply);
    }
    List<Long> ids = new ArrayList<>();
    reply.json().path("instances").forEach(one -> ids.add(one.path("instance").asLong()));
    return Waiting.forInstances(invocation, ids);
  }
}
