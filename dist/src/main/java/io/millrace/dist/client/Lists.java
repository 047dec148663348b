package io.millrace.dist.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads lists part by part, and makes the commands that show them. */
final class Lists {

  private static final String LIMIT = "--limit";
  private static final String ALL = "--all";
  private static final int USUAL = 50;
  private static final int LARGEST_PART = 500;
  private static final int MOST = 100_000;

  private Lists() {}

  /** How a route gives its list in parts. */
  enum Form {
    /** At once. */
    WHOLE,

    /** By page number. */
    PAGES {
      @Override
      void next(Map<String, String> query, JsonNode part, int soFar, int size) {
        query.put("page", Integer.toString(part.path("page").asInt(1) + 1));
      }

      @Override
      boolean isLast(JsonNode part, int soFar, int size) {
        return soFar >= part.path("total").asLong() || part.path("items").isEmpty();
      }
    },

    /** By cursor. */
    SLICES {
      @Override
      void next(Map<String, String> query, JsonNode part, int soFar, int size) {
        query.put("cursor", part.path("next").asText());
      }

      @Override
      boolean isLast(JsonNode part, int soFar, int size) {
        return part.path("next").isNull() || part.path("next").isMissingNode();
      }
    },

    /** By the number of those that are left out; the list is bare. */
    OFFSETS {
      @Override
      void next(Map<String, String> query, JsonNode part, int soFar, int size) {
        query.put("offset", Integer.toString(soFar));
      }

      @Override
      boolean isLast(JsonNode part, int soFar, int size) {
        return part.size() < size;
      }
    };

    void next(Map<String, String> query, JsonNode part, int soFar, int size) {}

    boolean isLast(JsonNode part, int soFar, int size) {
      return true;
    }
  }

  /** A command that lists; filters can be added to it. */
  static ClientCommand command(
      String name, String summary, Endpoint endpoint, Form form, String... columns) {
    ClientCommand command = ClientCommand.of(name, summary, endpoint);
    if (form != Form.WHOLE) {
      command
          .option(LIMIT, "N", "How many at most; " + USUAL + " when not given.")
          .flag(ALL, "All of them, 100,000 at most.");
    }
    return command.does(
        invocation -> {
          int most = limit(invocation, form);
          Part part = read(invocation.api(), endpoint, form, invocation.query(), most);
          if (invocation.output().isJson()) {
            invocation.output().raw(part.bytes());
          } else {
            invocation.output().table(part.items(), List.of(columns));
            tellOfMore(invocation, part.more());
          }
          return true;
        });
  }

  static int limit(Invocation invocation, Form form) {
    if (form == Form.WHOLE || invocation.flag(ALL)) {
      return MOST;
    }
    int limit = invocation.number(LIMIT).orElse(USUAL);
    if (limit < 1 || limit > MOST) {
      throw ClientError.INPUT.because("--limit must be 1 to " + MOST + ", found " + limit);
    }
    return limit;
  }

  static void tellOfMore(Invocation invocation, boolean more) {
    if (more) {
      invocation.context().warn("there are more: --all shows them, --limit N so many");
    }
  }

  /**
   * A list as far as it was wanted.
   *
   * @param bytes one answer as it was, or several as one of the same form
   * @param more true when it goes on
   */
  record Part(byte[] bytes, Iterable<JsonNode> items, boolean more) {}

  static Part read(
      ApiClient api,
      Endpoint endpoint,
      Form form,
      Map<String, String> filters,
      int most,
      Object... path) {
    Map<String, String> query = new LinkedHashMap<>(filters);
    ArrayNode items = Json.array();
    while (true) {
      // Pages count by their size, so that it stays; a cursor then goes on behind what is shown.
      int size = Math.min(LARGEST_PART, form == Form.PAGES ? most : most - items.size());
      if (form != Form.WHOLE) {
        query.put("size", Integer.toString(size));
      }
      ApiClient.Reply reply = api.call(endpoint, query, path);
      JsonNode part = reply.json();
      boolean first = items.isEmpty();
      items(part).forEach(items::add);
      boolean last = form.isLast(part, items.size(), size);
      if (last || items.size() >= most) {
        boolean more = !last || items.size() > most;
        while (items.size() > most) {
          items.remove(items.size() - 1);
        }
        return first && items.size() == items(part).size()
            ? new Part(reply.bytes(), items, more)
            : new Part(whole(part, items), items, more);
      }
      form.next(query, part, items.size(), size);
    }
  }

  private static JsonNode items(JsonNode part) {
    return part.isArray() ? part : part.path("items");
  }

  private static byte[] whole(JsonNode last, ArrayNode items) {
    if (last instanceof ObjectNode object) {
      object.set("items", items);
      // With all in one, there is one page.
      if (object.has("page")) {
        object.put("page", 1).put("size", items.size());
      }
      return object.toString().getBytes(StandardCharsets.UTF_8);
    }
    return items.toString().getBytes(StandardCharsets.UTF_8);
  }
}
