package io.millrace.dist.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The part of {@code millrace instance} that shows what attempts have left behind. */
final class LogCommands {

  private static final String ATTEMPT = "/instances/{id}/attempts/{number}";
  private static final Endpoint LOG = Endpoint.of("GET " + ATTEMPT + "/log");
  private static final Endpoint WHOLE = Endpoint.of("GET " + ATTEMPT + "/log/download");
  private static final Endpoint TAIL = Endpoint.of("GET " + ATTEMPT + "/log/tail");
  private static final Endpoint DIRTY = Endpoint.of("GET " + ATTEMPT + "/dirty-records");

  private static final String NUMBER = "--attempt";
  private static final String FOLLOW = "--follow";
  private static final int LARGEST_PART = 1_000;
  private static final int MOST = 100_000;
  private static final long LOOK_MILLIS = 300;
  private static final Set<String> ENDS = Set.of("SUCCEEDED", "FAILED");

  static final String[] FILES = {
    "RUN", "PRE_PREPARATION", "SPLIT", "SYNCHRONIZE", "POST_PREPARATION"
  };

  private LogCommands() {}

  static List<ClientCommand> commands() {
    return List.of(
        numbered(
                ClientCommand.of(
                    "log",
                    "Show the log of an attempt, trimmed when it is long.",
                    InstanceCommands.ATTEMPTS,
                    LOG,
                    WHOLE,
                    TAIL,
                    InstanceCommands.WAITING))
            .filterChoice("--file", "The run log, or that of a stage; RUN when not given", FILES)
            .flag(FOLLOW, "Show it as it grows, until its attempt ends; waits for one to begin.")
            .flag("--whole", "All of it, as it is.")
            .filter("--offset", "BYTE", "With --follow, where to begin.")
            .does(LogCommands::log),
        numbered(
                ClientCommand.of(
                    "dirty",
                    "Show the records of an attempt that were counted and kept, not written.",
                    InstanceCommands.ATTEMPTS,
                    DIRTY))
            .option("--limit", "N", "How many at most; 100 when not given.")
            .flag("--all", "All of them, 100,000 at most.")
            .filter("--cursor", "CURSOR", "Go on where an answer in JSON says next.")
            .hint("Each is a line of JSON, as millrace replay-dirty takes it.")
            .does(LogCommands::dirty));
  }

  private static ClientCommand numbered(ClientCommand command) {
    return command
        .argument("ID", "The instance's id.")
        .option(NUMBER, "N", "Which attempt; the last one when not given.");
  }

  private static boolean log(Invocation invocation) {
    long id = invocation.id("ID");
    Map<String, String> query = invocation.query();
    boolean follow = invocation.flag(FOLLOW);
    if (query.containsKey("offset") && !follow) {
      throw ClientError.INPUT.because("--offset goes with --follow");
    }
    if (follow) {
      follow(invocation, id, query);
      return true;
    }
    long number = attempt(invocation, id);
    if (invocation.flag("--whole")) {
      try (Http.Answering answering = invocation.api().download(WHOLE, query, id, number)) {
        invocation.output().raw(answering.body());
      } catch (IOException e) {
        throw invocation.api().broken(e);
      }
      return true;
    }
    ApiClient.Reply reply = invocation.api().call(LOG, query, id, number);
    if (invocation.output().isJson()) {
      invocation.output().raw(reply.bytes());
      return true;
    }
    invocation.output().text(reply.json().path("text").asText());
    if (reply.json().path("trimmed").asBoolean()) {
      invocation.context().warn("the middle was left out; --whole gives all of it");
    }
    return true;
  }

  /** The attempt that is wanted. */
  private static long attempt(Invocation invocation, long id) {
    return invocation
        .option(NUMBER)
        .map(text -> Invocation.id(NUMBER, text))
        .orElseGet(
            () -> {
              long last = last(invocation, id);
              if (last == 0) {
                throw ClientError.NOT_FOUND.because(
                    "instance "
                        + id
                        + " has had no attempt yet; millrace instance waiting "
                        + id
                        + " tells why, --follow waits for one");
              }
              return last;
            });
  }

  private static long last(Invocation invocation, long id) {
    long last = 0;
    for (JsonNode one : invocation.api().call(InstanceCommands.ATTEMPTS, Map.of(), id).json()) {
      last = Math.max(last, one.path("number").asLong());
    }
    return last;
  }

  private static void follow(Invocation invocation, long id, Map<String, String> query) {
    long number =
        invocation
            .option(NUMBER)
            .map(text -> Invocation.id(NUMBER, text))
            .orElseGet(() -> firstToCome(invocation, id));
    new EventStream(invocation.api(), TAIL, query, id, number)
        .follow(
            (name, data) -> {
              if (invocation.output().isJson()) {
                invocation.output().json(Json.object().put("event", name).put("data", data));
              } else if (name.equals("log")) {
                invocation.output().text(data);
              }
              return !name.equals("end");
            });
  }

  private static long firstToCome(Invocation invocation, long id) {
    String told = "";
    while (true) {
      long last = last(invocation, id);
      if (last > 0) {
        return last;
      }
      JsonNode waiting = invocation.api().call(InstanceCommands.WAITING, Map.of(), id).json();
      String state = waiting.path("state").asText();
      if (ENDS.contains(state)) {
        long meanwhile = last(invocation, id);
        if (meanwhile > 0) {
          return meanwhile;
        }
        throw ClientError.NOT_FOUND.because(
            "instance " + id + " is " + state + " and has had no attempt: there is no log");
      }
      for (JsonNode reason : waiting.path("reasons")) {
        String text = reason.asText();
        if (!state.equals("RUNNING") && !text.equals(told)) {
          invocation.context().warn("waiting: " + text);
          told = text;
        }
      }
      Waiting.sleep(LOOK_MILLIS);
    }
  }

  private static boolean dirty(Invocation invocation) {
    long id = invocation.id("ID");
    long number = attempt(invocation, id);
    Map<String, String> query = new LinkedHashMap<>(invocation.query());
    ArrayNode records = Json.array();
    int most = invocation.flag("--all") ? MOST : invocation.number("--limit").orElse(100);
    while (true) {
      query.put("size", Integer.toString(Math.min(LARGEST_PART, most - records.size())));
      ApiClient.Reply reply = invocation.api().call(DIRTY, query, id, number);
      JsonNode part = reply.json();
      boolean first = records.isEmpty();
      part.path("records").forEach(records::add);
      String next = part.path("next").asText("");
      if (next.isEmpty() || records.size() >= most || part.path("records").isEmpty()) {
        if (!invocation.output().isJson()) {
          show(invocation, records, next);
        } else if (first) {
          invocation.output().raw(reply.bytes());
        } else {
          ((ObjectNode) part).set("records", records);
          invocation.output().json(part);
        }
        return true;
      }
      query.put("cursor", next);
    }
  }

  private static void show(Invocation invocation, ArrayNode records, String next) {
    int unsettled = 0;
    for (JsonNode record : records) {
      invocation.output().line(record.path("json").asText());
      unsettled += record.path("settled").asBoolean() ? 0 : 1;
    }
    if (unsettled > 0) {
      invocation.context().warn(unsettled + " of these do not count: their split is not committed");
    }
    if (!next.isEmpty()) {
      invocation.context().warn("there are more: --all shows them; --cursor " + next + " goes on");
    }
  }
}
