package io.millrace.dist.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;

/** What was changed by whom, and what happens now. */
final class EventCommands {

  private static final Endpoint AUDIT = Endpoint.of("GET /audit");
  private static final Endpoint EVENTS = Endpoint.of("GET /events");

  private EventCommands() {}

  static ClientCommands audit() {
    return new Alone(
        Lists.command(
                "audit",
                "List who changed what, when and why, the newest first.",
                AUDIT,
                Lists.Form.PAGES,
                "at",
                "who",
                "action",
                "subject",
                "why",
                "detail")
            .filter("--who", "USER", "Only by this user.")
            .filter("--action", "ACTION", "Only this action, such as task.publish.")
            .filter("--subject", "TEXT", "Only what begins so, such as task/.")
            .filter("--from", "INSTANT", "From this instant on, such as 2026-03-10T00:00:00Z.")
            .filter("--to", "INSTANT", "Before this instant."));
  }

  static ClientCommands events() {
    return new Alone(
        ClientCommand.of(
                "events",
                "Show instances as they change and alerts as they come, until Ctrl-C.",
                EVENTS)
            .option("--limit", "N", "End after so many events.")
            .hint("With -o json, a line for each event: its name and its data.")
            .does(EventCommands::follow));
  }

  private static boolean follow(Invocation invocation) {
    int[] left = {invocation.number("--limit").orElse(Integer.MAX_VALUE)};
    new EventStream(invocation.api(), EVENTS, Map.of())
        .follow(
            (name, data) -> {
              show(invocation, name, data);
              return --left[0] > 0;
            });
    return true;
  }

  private static void show(Invocation invocation, String name, String data) {
    JsonNode content;
    try {
      content = Json.MAPPER.readTree(data);
    } catch (IOException e) {
      throw ClientError.FAILED.because("the server sends an event that is not JSON", e);
    }
    if (invocation.output().isJson()) {
      invocation.output().json(Json.object().put("event", name).set("data", content));
      return;
    }
    if (!content.isArray()) {
      String text = content.path("text").asText();
      boolean missed = name.equals("resync");
      invocation.output().line(missed ? "some events were missed" : name + ": " + text);
      return;
    }
    for (JsonNode one : content) {
      invocation
          .output()
          .line(
              one.path("changedAt").asText()
                  + "  instance "
                  + one.path("id").asText()
                  + "  task "
                  + one.path("taskId").asText()
                  + "  "
                  + one.path("kind").asText()
                  + " of "
                  + one.path("businessDate").asText()
                  + "  "
                  + one.path("state").asText());
    }
  }
}
