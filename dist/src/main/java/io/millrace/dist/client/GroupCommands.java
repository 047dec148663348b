package io.millrace.dist.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** {@code millrace group}. */
final class GroupCommands implements ClientCommands {

  private static final Endpoint LIST = Endpoint.of("GET /groups");
  private static final Endpoint CREATE = Endpoint.of("POST /groups");
  private static final Endpoint SHOW = Endpoint.of("GET /groups/{name}");
  private static final Endpoint RESIZE = Endpoint.of("PUT /groups/{name}");
  private static final Endpoint QUEUE = Endpoint.of("GET /groups/{name}/queue");

  static final String[] KINDS = {"CUSTOM", "EXCLUSIVE", "SERVERLESS", "DEFAULT"};

  private static final Subject GROUP = Subject.named("GROUP");
  private static final String SLOTS = "--slots";
  private static final String MINIMUM = "--backfill-minimum";
  private static final String MINIMUM_HELP =
      "So many of the slots are for backfills when they have something to do";

  @Override
  public String summary() {
    return "Resource groups: their slots, who holds them and who waits.";
  }

  @Override
  public List<ClientCommand> commands() {
    return List.of(
        Lists.command(
            "list",
            "List the resource groups.",
            LIST,
            Lists.Form.WHOLE,
            "name",
            "kind",
            "slots",
            "backfillMinimum",
            "used",
            "usedByBackfills",
            "running",
            "waiting"),
        GROUP.calling("show", "Show a resource group.", SHOW),
        GROUP.calling("queue", "Show who holds slots, and who waits in which order.", QUEUE),
        Subject.making("create", "Make a resource group.", CREATE, GroupCommands::made)
            .argument("GROUP", "Its name.")
            .choice("--kind", "What carries its attempts; CUSTOM when not given", KINDS)
            .option(SLOTS, "N", "How many slots it has; 1 when not given.")
            .option(MINIMUM, "N", MINIMUM_HELP + "; 0 when not given."),
        ClientCommand.of("resize", "Change a group's capacity, at once.", SHOW, RESIZE)
            .argument("GROUP", "Its name.")
            .option(SLOTS, "N", "How many slots it shall have; as it is when not given.")
            .option(MINIMUM, "N", MINIMUM_HELP + "; as it is when not given.")
            .does(GroupCommands::resize));
  }

  private static ObjectNode made(Invocation invocation) {
    return Json.object()
        .put("name", invocation.argument("GROUP"))
        .put("kind", invocation.option("--kind").orElse("CUSTOM").toUpperCase(Locale.ROOT))
        .put("slots", invocation.number(SLOTS).orElse(1))
        .put("backfillMinimum", invocation.number(MINIMUM).orElse(0));
  }

  private static boolean resize(Invocation invocation) {
    JsonNode now = GROUP.now(invocation, SHOW);
    JsonNode size =
        Json.object()
            .put("slots", invocation.number(SLOTS).orElse(now.path("slots").asInt()))
            .put(
                "backfillMinimum",
                invocation.number(MINIMUM).orElse(now.path("backfillMinimum").asInt()));
    return Subject.shown(
        invocation, invocation.api().send(RESIZE, size, invocation.argument("GROUP")));
  }
}
