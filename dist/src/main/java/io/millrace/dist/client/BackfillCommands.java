package io.millrace.dist.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** {@code millrace backfill}: past days made again, from the plan to the end. */
final class BackfillCommands implements ClientCommands {

  static final String[] STATES = {
    "RUNNING", "PAUSED", "SUCCEEDED", "FAILED", "CANCELLING", "CANCELLED"
  };
  static final String[] ORDERS = {"ASC", "DESC"};
  static final String[] FUTURES = {"NOW", "AT_TIME"};
  static final String[] ALERTS = {"NONE", "SUCCESS", "FAILURE", "BOTH"};
  static final String[] EXISTING = {"ALL", "MISSING_ONLY", "FAILED_ONLY", "SKIP_ANY"};
  static final String[] SLICES = {"EACH", "PERIODS", "RANGE"};
  static final String[] ON_FAILURE = {"STOP", "CONTINUE", "STOP_AFTER"};

  private static final Endpoint LIST = Endpoint.of("GET /backfills");
  private static final Endpoint CREATE = Endpoint.of("POST /backfills");
  private static final Endpoint PLAN = Endpoint.of("POST /backfills/plan");
  private static final Endpoint PAUSE = Endpoint.of("POST /backfills/{id}/pause");
  private static final Endpoint RESUME = Endpoint.of("POST /backfills/{id}/resume");
  private static final Endpoint CANCEL = Endpoint.of("POST /backfills/{id}/cancel");
  private static final Endpoint RERUN = Endpoint.of("POST /backfills/{id}/rerun-failed");

  private static final Subject BACKFILL = Subject.numbered("ID");

  @Override
  public String summary() {
    return "Backfills: past business dates of a task made again.";
  }

  @Override
  public List<ClientCommand> commands() {
    return List.of(
        Lists.command(
                "list",
                "List backfills, the newest first.",
                LIST,
                Lists.Form.OFFSETS,
                "id",
                "name",
                "state",
                "progress.succeeded",
                "progress.failed",
                "progress.open",
                "progress.toCome",
                "createdBy",
                "createdAt")
            .filterChoice("--state", "Only in this state", STATES),
        BACKFILL.calling("show", "Show a backfill and how far it is.", Waiting.BACKFILL),
        ClientCommand.of(
                "wait",
                "Wait until a backfill has ended; exit code 1 when it failed.",
                Waiting.BACKFILL)
            .argument("ID", "Its id.")
            .does(invocation -> Waiting.forBackfill(invocation, invocation.id("ID"))),
        described(
            ClientCommand.of("plan", "Show what a backfill would make; makes nothing.", PLAN)
                .does(BackfillCommands::plan)),
        described(
            ClientCommand.of("create", "Make a backfill.", CREATE)
                .flag(Waiting.WAIT, Waiting.HELP)
                .does(BackfillCommands::create)),
        BACKFILL.calling("pause", "Open no further date; what runs goes on.", PAUSE),
        BACKFILL.calling("resume", "Go on after a pause.", RESUME),
        BACKFILL.calling("cancel", "End a backfill and everything of it.", CANCEL),
        BACKFILL
            .sending(
                "rerun",
                "Run again what has not succeeded.",
                RERUN,
                invocation ->
                    Json.object().put("again", invocation.flag("--anew") ? "ANEW" : "CONTINUE"))
            .flag(
                "--anew",
                "Write every row once more: where the target's rows have no key, they double."));
  }

  private static ClientCommand described(ClientCommand command) {
    return command
        .optionalArgument("FILE", InputFile.HELP + " What options say counts before it.")
        .option("--task", "NAME", "The task; or --workflow.")
        .option("--workflow", "NAME", "The workflow, all of whose tasks take part.")
        .repeated(
            "--range",
            "FROM..TO",
            "Business dates, such as 2026-03-01..2026-03-07, or one; 7 ranges at most.")
        .option("--name", "NAME", "How it is listed.")
        .option(
            "--times",
            "FROM..TO",
            "Only scheduled times of day in this window, such as 00:00..05:59.")
        .option("--parallelism", "N", "How many dates at once, 1 to 10; 1 when not given.")
        .choice("--order", "Which dates first; ASC when not given", ORDERS)
        .flag("--descendants", "With all that depend on it.")
        .repeated("--only", "TASK", "Of the descendants, only this one (and others so named).")
        .repeated("--exclude", "TASK", "Without this descendant.")
        .choice(
            "--future",
            "When instances run that are due in the future; refused when not given",
            FUTURES)
        .repeated("--parameter", "NAME=EXPRESSION", "In the place of the tasks' own.")
        .option("--group", "GROUP", "The resource group for all.")
        .option("--priority", "N", "1 to 11 for all.")
        .choice("--alert", "Of which end to be told; NONE when not given", ALERTS)
        .choice(
            "--existing", "What becomes of dates that have instances; ALL when not given", EXISTING)
        .choice("--slices", "What one run takes; EACH when not given", SLICES)
        .option("--periods", "N", "How many periods a slice has, with --slices PERIODS.")
        .choice("--on-failure", "What a failed date does to the others", ON_FAILURE)
        .option("--stop-after", "N", "So many failed dates stop it, with --on-failure STOP_AFTER.")
        .hint("A run window (hours in which it may begin something) is given in a FILE.");
  }

  private static ObjectNode form(Invocation invocation) {
    ObjectNode form =
        invocation
            .option("FILE")
            .map(file -> InputFile.object(invocation.context(), file))
            .orElseGet(Json::object);
    for (String field : List.of("name", "task", "workflow", "group")) {
      invocation.option("--" + field).ifPresent(text -> form.put(field, text));
    }
    for (String field : List.of("order", "future", "alert", "existing")) {
      invocation
          .option("--" + field)
          .ifPresent(text -> form.put(field, text.toUpperCase(Locale.ROOT)));
    }
    invocation
        .option("--on-failure")
        .ifPresent(text -> form.put("onFailure", text.toUpperCase(Locale.ROOT)));
    for (String field : List.of("parallelism", "priority")) {
      invocation.number("--" + field).ifPresent(number -> form.put(field, number));
    }
    invocation.number("--stop-after").ifPresent(number -> form.put("stopAfter", number));
    ranges(invocation, form);
    scope(invocation, form);
    slices(invocation, form);
    parameters(invocation, form);
    return form;
  }

  private static void ranges(Invocation invocation, ObjectNode form) {
    if (!invocation.all("--range").isEmpty()) {
      ArrayNode ranges = form.putArray("ranges");
      invocation.all("--range").forEach(text -> ranges.add(dates(ends("--range", text))));
    }
    invocation.option("--times").ifPresent(text -> form.set("times", ends("--times", text)));
  }

  private static ObjectNode dates(ObjectNode ends) {
    for (String end : List.of("from", "to")) {
      ends.put(end, Invocation.date("--range", ends.path(end).asText()));
    }
    return ends;
  }

  private static ObjectNode ends(String option, String text) {
    String[] ends = text.split("\\.\\.", -1);
    if (ends.length > 2 || ends[0].isBlank()) {
      throw ClientError.INPUT.because(option + " must be FROM..TO, found '" + text + "'");
    }
    return Json.object().put("from", ends[0].strip()).put("to", ends[ends.length - 1].strip());
  }

  private static void scope(Invocation invocation, ObjectNode form) {
    List<String> only = invocation.all("--only");
    List<String> excluded = invocation.all("--exclude");
    if (!invocation.flag("--descendants") && only.isEmpty() && excluded.isEmpty()) {
      return;
    }
    ObjectNode scope = form.putObject("scope").put("descendants", true);
    if (!only.isEmpty()) {
      only.forEach(scope.putArray("chosen")::add);
    }
    excluded.forEach(scope.putArray("excluded")::add);
  }

  private static void slices(Invocation invocation, ObjectNode form) {
    invocation
        .option("--slices")
        .ifPresent(
            kind ->
                form.putObject("slices")
                    .put("kind", kind.toUpperCase(Locale.ROOT))
                    .put("periods", invocation.number("--periods").orElse(0)));
  }

  private static void parameters(Invocation invocation, ObjectNode form) {
    for (String one : invocation.all("--parameter")) {
      int equals = one.indexOf('=');
      if (equals < 1) {
        throw ClientError.INPUT.because("--parameter must be NAME=EXPRESSION");
      }
      ObjectNode parameters =
          form.path("parameters") instanceof ObjectNode known
              ? known
              : form.putObject("parameters");
      parameters.put(one.substring(0, equals), one.substring(equals + 1));
    }
  }

  private static boolean plan(Invocation invocation) {
    ApiClient.Reply reply = invocation.api().send(PLAN, form(invocation));
    if (invocation.output().isJson()) {
      invocation.output().raw(reply.bytes());
      return true;
    }
    JsonNode plan = reply.json();
    invocation.output().line(plan.path("name").asText());
    JsonNode counts = plan.path("counts");
    invocation
        .output()
        .line(
            "%s dates: %s to create, %s to run again, %s to skip; %s of them dry runs"
                .formatted(
                    counts.path("dates").asText(),
                    counts.path("create").asText(),
                    counts.path("rerun").asText(),
                    counts.path("skip").asText(),
                    counts.path("dryRuns").asText()));
    plan.path("notes").forEach(note -> invocation.output().line("note: " + note.asText()));
    invocation.output().line("");
    invocation
        .output()
        .table(rows(plan), List.of("businessDate", "task", "time", "action", "mode", "why"));
    return true;
  }

  /**
   * The instances of all dates, with their tasks' names; a date without any has a row of its own.
   */
  private static ArrayNode rows(JsonNode plan) {
    ObjectNode names = Json.object();
    plan.path("tasks").forEach(one -> names.set(one.path("id").asText(), one.path("name")));
    ArrayNode rows = Json.array();
    for (JsonNode date : plan.path("dates")) {
      for (JsonNode one : date.path("instances")) {
        ObjectNode row = one.deepCopy();
        rows.add(row.set("task", names.path(one.path("task").asText())));
      }
      if (date.path("instances").isEmpty()) {
        rows.add(
            Json.object()
                .put("businessDate", date.path("date").asText())
                .put("why", date.path("note").asText()));
      }
    }
    return rows;
  }

  private static boolean create(Invocation invocation) {
    ApiClient.Reply reply = invocation.api().send(CREATE, form(invocation));
    return invocation.flag(Waiting.WAIT)
        ? Waiting.forBackfill(invocation, reply.json().path("id").asLong())
        : Subject.shown(invocation, reply);
  }
}
