package io.millrace.dist.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Waits for what a command has begun. */
final class Waiting {

  static final String WAIT = "--wait";
  static final String HELP = "Wait for its end; a failure then is exit code 1.";

  static final Endpoint INSTANCE = Endpoint.of("GET /instances/{id}");
  static final Endpoint BACKFILL = Endpoint.of("GET /backfills/{id}");

  private static final Set<String> ENDS = Set.of("SUCCEEDED", "FAILED", "CANCELLED");
  private static final long FIRST_MILLIS = 100;
  private static final long LONGEST_MILLIS = 2_000;

  private Waiting() {}

  /** Waits for all of these and shows each; false when any has not succeeded. */
  static boolean forInstances(Invocation invocation, List<Long> ids) {
    boolean good = true;
    for (long id : ids) {
      ApiClient.Reply reply = end(invocation.api(), INSTANCE, "/instance/state", id);
      JsonNode instance = reply.json().path("instance");
      String state = instance.path("state").asText();
      String reason = instance.path("reason").asText();
      if (invocation.output().isJson()) {
        invocation.output().raw(reply.bytes());
      } else {
        invocation
            .output()
            .line(
                "instance "
                    + id
                    + " of "
                    + instance.path("task").asText()
                    + ": "
                    + state
                    + (reason.isEmpty() ? "" : ", " + reason));
      }
      good &= state.equals("SUCCEEDED");
    }
    return good;
  }

  /** Waits for a backfill and shows it; false when it has not succeeded. */
  static boolean forBackfill(Invocation invocation, long id) {
    ApiClient.Reply reply = end(invocation.api(), BACKFILL, "/state", id);
    JsonNode backfill = reply.json();
    String state = backfill.path("state").asText();
    if (invocation.output().isJson()) {
      invocation.output().raw(reply.bytes());
    } else {
      String message = backfill.path("message").asText();
      JsonNode progress = backfill.path("progress");
      invocation
          .output()
          .line(
              "backfill %d (%s): %s, dates: %s succeeded, %s failed, %s cancelled%s"
                  .formatted(
                      id,
                      backfill.path("name").asText(),
                      state,
                      progress.path("succeeded").asText(),
                      progress.path("failed").asText(),
                      progress.path("cancelled").asText(),
                      message.isEmpty() ? "" : "; " + message));
    }
    return state.equals("SUCCEEDED");
  }

  private static ApiClient.Reply end(ApiClient api, Endpoint endpoint, String state, long id) {
    for (long pause = FIRST_MILLIS; ; pause = Math.min(LONGEST_MILLIS, pause * 3 / 2)) {
      ApiClient.Reply reply = api.call(endpoint, Map.of(), id);
      if (ENDS.contains(reply.json().at(state).asText())) {
        return reply;
      }
      sleep(pause);
    }
  }

  static void sleep(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ClientError.FAILED.because("interrupted while waiting", e);
    }
  }
}
