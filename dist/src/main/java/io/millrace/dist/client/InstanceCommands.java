package io.millrace.dist.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** {@code millrace instance}: where they stand, and what operators do with them. */
final class InstanceCommands implements ClientCommands {

  static final String[] STATES = {
    "NOT_RUN",
    "WAITING_FOR_TIME",
    "WAITING_FOR_RESOURCES",
    "RUNNING",
    "SUCCEEDED",
    "FAILED",
    "FROZEN"
  };
  static final String[] KINDS = {"RECURRING", "TEST", "BACKFILL", "MANUAL"};

  /** The argument that names an instance. */
  static final Subject INSTANCE = Subject.numbered("ID");

  static final Endpoint WAITING = Endpoint.of("GET /instances/{id}/waiting");
  static final Endpoint ATTEMPTS = Endpoint.of("GET /instances/{id}/attempts");

  private static final Endpoint LIST = Endpoint.of("GET /instances");
  private static final String ANEW = "--anew";

  @Override
  public String summary() {
    return "Instances: where they stand, their logs, and stopping or running them again.";
  }

  @Override
  public List<ClientCommand> commands() {
    List<ClientCommand> commands = new ArrayList<>();
    commands.add(
        Lists.command(
                "list",
                "List instances, the newest first.",
                LIST,
                Lists.Form.SLICES,
                "id",
                "task",
                "kind",
                "businessDate",
                "scheduledTime",
                "state",
                "attempts",
                "reason")
            .filterChoice("--state", "Only in these states, separated by commas", STATES)
            .filterChoice("--kind", "Only of these kinds, separated by commas", KINDS)
            .filter("--task", "NAME", "Only of the task of this name.")
            .filter("--task-id", "ID", "Only of the task of this id.")
            .filter("--from", "DATE", "From this business date on.")
            .filter("--to", "DATE", "To this business date.")
            .filter("--owner", "USER", "Only of this owner's tasks.")
            .filter("--group", "GROUP", "Only in this resource group.")
            .filter("--workflow", "NAME", "Only of tasks of the workflow of this name.")
            .filter("--backfill", "ID", "Only of this backfill."));
    commands.add(
        INSTANCE.calling(
            "show", "Show an instance with everything that was fixed for it.", Waiting.INSTANCE));
    commands.add(
        ClientCommand.of(
                "wait",
                "Wait until instances have ended; exit code 1 when one failed.",
                Waiting.INSTANCE)
            .arguments("ID", "Their ids.")
            .does(
                invocation ->
                    Waiting.forInstances(
                        invocation,
                        invocation.all("ID").stream()
                            .map(text -> Invocation.id("ID", text))
                            .toList())));
    commands.add(INSTANCE.calling("waiting", "Tell why an instance has not begun.", WAITING));
    commands.add(
        INSTANCE.listing(
            "attempts",
            "List the attempts of an instance.",
            ATTEMPTS,
            "number",
            "state",
            "node",
            "startedAt",
            "finishedAt",
            "recordsRead",
            "recordsWritten",
            "recordsDirty",
            "message"));
    commands.addAll(LogCommands.commands());
    commands.add(operation("stop", "End instances as failed."));
    commands.add(again("rerun", "Run instances again, as their tasks allow."));
    commands.add(
        again(
            "force-rerun",
            "Run instances again whatever their task says, without their ancestors."));
    commands.add(again("rerun-downstream", "Run instances and all that depend on them again."));
    commands.add(operation("set-succeeded", "Count failed instances as done."));
    commands.add(operation("freeze", "Hold instances back."));
    commands.add(operation("unfreeze", "Let instances go on."));
    commands.add(operation("remove-dependencies", "Have instances wait for no ancestor any more."));
    commands.add(
        operation(
                "priority",
                "Change the priority of instances that have not begun.",
                (invocation, body) ->
                    body.put(
                        "priority",
                        invocation
                            .number("--priority")
                            .orElseThrow(() -> ClientError.INPUT.because("--priority is missing"))))
            .option("--priority", "N", "1 to 11; the higher begins first."));
    return commands;
  }

  private static ClientCommand operation(String name, String summary) {
    return operation(name, summary, (invocation, body) -> {});
  }

  private static ClientCommand again(String name, String summary) {
    return operation(
            name,
            summary,
            (invocation, body) -> body.put("again", invocation.flag(ANEW) ? "ANEW" : "CONTINUE"))
        .flag(
            ANEW,
            "Write every row once more: where the target's rows have no key, they double. Otherwise"
                + " it goes on with what is committed.");
  }

  private static ClientCommand operation(
      String name, String summary, BiConsumer<Invocation, ObjectNode> more) {
    Endpoint endpoint = Endpoint.of("POST /instances/" + name);
    return ClientCommand.of(name, summary, endpoint)
        .arguments("ID", "Their ids, 1000 at most.")
        .hint("Each instance gets a line of its own; exit code 1 when one was refused.")
        .does(
            invocation -> {
              ObjectNode body = Json.object();
              ArrayNode ids = body.putArray("ids");
              invocation.all("ID").forEach(text -> ids.add(Invocation.id("ID", text)));
              more.accept(invocation, body);
              return results(invocation, invocation.api().send(endpoint, body));
            });
  }

  private static boolean results(Invocation invocation, ApiClient.Reply reply) {
    JsonNode answer = reply.json();
    boolean all = true;
    for (JsonNode result : answer.path("results")) {
      boolean done = result.path("done").asBoolean();
      all &= done;
      invocation
          .output()
          .line(
              result.path("id").asText()
                  + "  "
                  + (done ? "done" : "refused: " + result.path("refusal").asText()));
    }
    if (invocation.output().isJson()) {
      invocation.output().raw(reply.bytes());
    }
    String warning = answer.path("warning").asText("");
    if (!warning.isEmpty()) {
      invocation.context().warn("warning: " + warning);
    }
    return all;
  }
}
