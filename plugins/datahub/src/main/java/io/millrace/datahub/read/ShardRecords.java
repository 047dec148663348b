package io.millrace.datahub.read;

import com.aliyun.datahub.client.model.protobuf.DatahubProtos.GetRecordsResponse;
import com.aliyun.datahub.client.model.protobuf.DatahubProtos.RecordEntry;
import io.millrace.api.Counted;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.datahub.connect.DataHubClient;
import io.millrace.datahub.connect.DataHubError;
import io.millrace.datahub.connect.Seek;
import io.millrace.hubs.HubOptions.Expired;
import io.millrace.hubs.Retries;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pulls the records of a range of one shard, answer by answer. Used by one thread. */
final class ShardRecords implements AutoCloseable {

  /** What the service gives in one answer; its client asks for no more. */
  private static final int MAX_RECORDS = 1000;

  /** So often a service may find a record that it then refuses to give. */
  private static final int MAX_REFUSED = 10;

  private final DataHubClient client;
  private final ReadPlan plan;
  private final Retries retries;
  private final ShardRange range;
  private final StageContext context;
  private long next;
  private @Nullable String cursor;

  /** How often in a row the next record was found and could not be read. */
  private int refused;

  ShardRecords(
      DataHubClient client,
      ReadPlan plan,
      Retries retries,
      ShardRange range,
      StageContext context) {
    this.client = client;
    this.plan = plan;
    this.retries = retries;
    this.range = range;
    this.context = context;
    this.next = range.begin();
  }

  String shard() {
    return range.shard();
  }

  /**
   * Records that follow each other.
   *
   * @param cursor with which they were asked for
   * @param first the sequence number of the first
   */
  record Page(String cursor, long first, List<RecordEntry> records) {}

  /** The next records; null at the end. */
  @Nullable Page next() {
    while (next < range.end()) {
      boolean sought = cursor == null;
      String from = sought ? seek() : cursor;
      if (from == null) {
        continue;
      }
      try {
        return page(from, retries.run(context, () -> pull(from)));
      } catch (MillraceException e) {
        if (e.errorCode() != DataHubError.EXPIRED
            || ++refused > MAX_REFUSED
            || sought && seekOldest() <= next) {
          throw e;
        }
        // Retention has passed, or the cursor is too old: looking for the record again tells.
        cursor = null;
      }
    }
    return null;
  }

  private GetRecordsResponse pull(String from) {
    int limit = (int) Math.min(Math.min(plan.batchSize(), MAX_RECORDS), range.end() - next);
    GetRecordsResponse response = client.records(range.shard(), from, limit, context);
    if (response.getRecordsCount() == 0) {
      throw new MillraceException(
          StandardError.READ,
          "shard "
              + range.shard()
              + ": the service gives no record from "
              + next
              + " on, the window ends before record "
              + range.end());
    }
    boolean ends = next + response.getRecordsCount() >= range.end();
    if (!ends && from.equals(response.getNextCursor())) {
      throw new MillraceException(
          StandardError.READ,
          "shard "
              + range.shard()
              + ": the service answered cursor "
              + from
              + " with no progress, the window ends before record "
              + range.end());
    }
    return response;
  }

  private Page page(String from, GetRecordsResponse response) {
    long first = first(response);
    if (first != next) {
      throw new MillraceException(
          StandardError.READ,
          "shard "
              + range.shard()
              + ": the service gave record "
              + first
              + " where "
              + next
              + " was asked for");
    }
    int count = (int) Math.min(response.getRecordsCount(), range.end() - next);
    for (int i = 1; i < count; i++) {
      RecordEntry record = response.getRecords(i);
      if (record.hasSequence() && record.getSequence() >= 0 && record.getSequence() != next + i) {
        throw new MillraceException(
            StandardError.READ,
            "shard "
                + range.shard()
                + ": the service gave record "
                + record.getSequence()
                + " where "
                + (next + i)
                + " follows");
      }
    }
    refused = 0;
    next += count;
    cursor = response.getNextCursor();
    return new Page(from, first, response.getRecordsList().subList(0, count));
  }

  /** The number of the first record: as it says itself, or as the answer says of it. */
  private long first(GetRecordsResponse response) {
    RecordEntry record = response.getRecords(0);
    if (record.hasSequence() && record.getSequence() >= 0) {
      return record.getSequence();
    }
    boolean said = response.hasStartSequence() && response.getStartSequence() >= 0;
    return said ? response.getStartSequence() : next;
  }

  /** The cursor of the next record; null when it is gone and was skipped. */
  private @Nullable String seek() {
    Optional<Seek> found =
        retries.run(context, () -> client.seekSequence(range.shard(), next, context));
    if (found.isPresent() && found.get().sequence() == next) {
      return found.get().cursor();
    }
    skipExpired(seekOldest());
    return null;
  }

  /** The sequence number of the oldest record; that of the end when there is none. */
  private long seekOldest() {
    return retries
        .run(context, () -> client.oldest(range.shard(), context))
        .map(Seek::sequence)
        .orElse(range.end());
  }

  /** Goes on behind what the service has removed, or ends. */
  private void skipExpired(long oldest) {
    if (plan.expired() == Expired.FAIL || oldest <= next) {
      throw new MillraceException(
          DataHubError.EXPIRED,
          "shard "
              + range.shard()
              + ": record "
              + next
              + " of the window is not there any more, as the topic's retention has removed it; start"
              + " the task anew with a later beginDateTime, or set 'expired' to skip");
    }
    long behind = Math.min(oldest, range.end());
    context
        .log()
        .warn(
            "shard "
                + range.shard()
                + ": "
                + Counted.of(
                    behind - next, "record of the window was", "records of the window were")
                + " removed by the topic's retention before the read, and skipped");
    next = behind;
  }

  @Override
  public void close() {
    client.close();
  }
}
