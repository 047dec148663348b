package io.millrace.loghub.read;

import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.hubs.HubOptions.Expired;
import io.millrace.hubs.Retries;
import io.millrace.loghub.connect.Cursors;
import io.millrace.loghub.connect.LogHubClient;
import io.millrace.loghub.connect.LogHubError;
import io.millrace.loghub.connect.PulledLogs;
import io.millrace.loghub.connect.ShardRange;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Pulls what lies between two cursors of one shard, answer by answer. Used by one thread. */
final class ShardLogs implements AutoCloseable {

  private final LogHubClient client;
  private final ReadPlan plan;
  private final Retries retries;
  private final StageContext context;
  private ShardRange left;
  private boolean begun;
  private String seen;
  private long steps;
  private long nextMark = 1;

  ShardLogs(
      LogHubClient client, ReadPlan plan, Retries retries, ShardRange range, StageContext context) {
    this.client = client;
    this.plan = plan;
    this.retries = retries;
    this.left = range;
    this.seen = range.from();
    this.context = context;
  }

  /** What is left to read. */
  ShardRange left() {
    return left;
  }

  /** The next answer, which may be empty where a query filters; null at the end. */
  @Nullable PulledLogs next() {
    if (!begun) {
      begun = true;
      // The service gives what is left without a word when an old cursor is asked for.
      String earliest = retries.run(context, () -> client.earliestCursor(left.shard(), context));
      if (Cursors.distance(left.from(), earliest).orElse(0) > 0) {
        skipExpired(earliest, null);
      }
    }
    if (left.isEmpty()) {
      return null;
    }
    PulledLogs pulled;
    try {
      pulled = retries.run(context, this::pull);
    } catch (MillraceException e) {
      if (e.errorCode() != LogHubError.CURSOR_EXPIRED) {
        throw e;
      }
      skipExpired(retries.run(context, () -> client.earliestCursor(left.shard(), context)), e);
      return new PulledLogs(List.of(), left.from());
    }
    left = left.withFrom(pulled.nextCursor());
    if (++steps == nextMark) {
      // Marks lie twice as far apart each time, so that a circle of any length meets one.
      nextMark *= 2;
      seen = left.from();
    }
    return pulled;
  }

  private PulledLogs pull() {
    PulledLogs pulled = client.pull(left, plan.batchSize(), plan.query(), context);
    // Backwards is no progress either, nor is going in circles where nobody can read the cursors.
    boolean stands =
        Cursors.distance(left.from(), pulled.nextCursor()).orElse(1) <= 0
            || pulled.nextCursor().equals(left.from())
            || pulled.nextCursor().equals(seen);
    OptionalLong rest = Cursors.distance(pulled.nextCursor(), left.end());
    if (stands || rest.orElse(0) < 0) {
      throw new MillraceException(
          StandardError.READ,
          "shard "
              + left.shard()
              + ": the service answered cursor "
              + left.from()
              + (stands ? " with no progress" : " with more than was asked for")
              + ", the window ends at cursor "
              + left.end());
    }
    return pulled;
  }

  /** Goes on behind what the service has removed, or ends. */
  private void skipExpired(String earliest, @Nullable MillraceException cause) {
    OptionalLong missing = Cursors.distance(left.from(), earliest);
    if (plan.expired() == Expired.FAIL || missing.orElse(0) <= 0) {
      throw new MillraceException(
          LogHubError.CURSOR_EXPIRED,
          "shard "
              + left.shard()
              + ": cursor "
              + left.from()
              + " of the window is not valid any more, as the logstore's retention has removed its"
              + " logs; start the task anew with a later beginDateTime, or set 'expired' to skip",
          cause);
    }
    boolean all = Cursors.distance(earliest, left.end()).orElse(1) <= 0;
    long gone = all ? Cursors.distance(left.from(), left.end()).orElse(0) : missing.getAsLong();
    context
        .log()
        .warn(
            "shard "
                + left.shard()
                + ": "
                + gone
                + " log groups of the window were removed by the logstore's retention before they"
                + " were read, and are skipped");
    left = left.withFrom(all ? left.end() : earliest);
  }

  @Override
  public void close() {
    client.close();
  }
}
