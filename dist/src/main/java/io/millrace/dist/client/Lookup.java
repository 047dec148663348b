package io.millrace.dist.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Finds the id of what somebody has called by its name. */
final class Lookup {

  /** What a text begins with that is a name although it looks like an id. */
  private static final String NAME = "name:";

  private static final int MOST = 100_000;
  private static final Endpoint TASKS = Endpoint.of("GET /tasks");
  private static final Endpoint WORKFLOWS = Endpoint.of("GET /workflows");

  static final String HELP = "Its name or its id; a name of digits only is written name:2026.";

  private Lookup() {}

  static long task(ApiClient api, String text) {
    return id(api, TASKS, "task", text);
  }

  static long workflow(ApiClient api, String text) {
    return id(api, WORKFLOWS, "workflow", text);
  }

  /** The route finds parts of names; only the whole name is meant here. */
  private static long id(ApiClient api, Endpoint list, String what, String text) {
    if (text.matches("[0-9]{1,18}")) {
      return Long.parseLong(text);
    }
    String name = text.startsWith(NAME) ? text.substring(NAME.length()) : text;
    if (name.isBlank()) {
      throw ClientError.INPUT.because("a " + what + " needs a name or an id");
    }
    for (JsonNode item :
        Lists.read(api, list, Lists.Form.SLICES, Map.of("name", name), MOST).items()) {
      if (item.path("name").asText().equals(name)) {
        return item.path("id").asLong();
      }
    }
    throw ClientError.NOT_FOUND.because("there is no " + what + " '" + name + "'");
  }
}
