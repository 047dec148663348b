package io.millrace.datahub.connect;

import com.aliyun.datahub.client.exception.DatahubClientException;
import com.aliyun.datahub.client.impl.request.protobuf.GetRecordsRequestPB;
import com.aliyun.datahub.client.model.CursorType;
import com.aliyun.datahub.client.model.GetCursorResult;
import com.aliyun.datahub.client.model.GetTopicResult;
import com.aliyun.datahub.client.model.PutErrorEntry;
import com.aliyun.datahub.client.model.PutRecordsResult;
import com.aliyun.datahub.client.model.RecordEntry;
import com.aliyun.datahub.client.model.RecordType;
import com.aliyun.datahub.client.model.ShardState;
import com.aliyun.datahub.client.model.protobuf.DatahubProtos.GetRecordsResponse;
import io.millrace.api.Cancellation;
import io.millrace.api.Sensitive;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.hubs.HubMark;
import io.millrace.hubs.Retries;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One topic through the service's own client. Each call is one request: it is not sent again here,
 * and a cancellation ends it. Safe for use by several threads.
 */
public final class DataHubClient implements AutoCloseable {

  private final DataHubSettings settings;
  private final Doing doing;
  private final CheckedClient client;

  private DataHubClient(DataHubSettings settings, Doing doing) {
    this.settings = settings;
    this.doing = doing;
    try {
      this.client = CheckedClient.of(settings);
    } catch (IllegalArgumentException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "option 'endpoint': '"
              + settings.endpoint()
              + "' is not an address such as https://dh-cn-hangzhou.aliyuncs.com",
          e);
    }
  }

  /** For a reader; connects to nothing yet. */
  public static DataHubClient reading(DataHubSettings settings) {
    return new DataHubClient(settings, Doing.READING);
  }

  /** For a writer; connects to nothing yet. */
  public static DataHubClient writing(DataHubSettings settings) {
    return new DataHubClient(settings, Doing.PREPARING);
  }

  /**
   * Asks for the project.
   *
   * @throws MillraceException when it is not there, or the account may not ask
   */
  public void requireProject(StageContext context) {
    call(context, doing, "project " + settings, () -> client.getProject(settings.project()));
  }

  /** What the topic holds. */
  public Topic topic(StageContext context) {
    return call(
        context,
        doing,
        "topic " + settings,
        () -> {
          GetTopicResult result = client.getTopic(settings.project(), settings.topic());
          boolean tuple = result.getRecordType() == RecordType.TUPLE;
          long created = result.getCreateTime();
          return new Topic(
              tuple ? result.getRecordSchema() : null,
              result.getLifeCycle(),
              created > 0 ? Long.toString(created) : "");
        });
  }

  /** The topic's identity for the engine; empty where it is not known. */
  public Map<String, String> identity(Retries retries, StageContext context) {
    String created = retries.run(context, () -> topic(context)).created();
    return created.isEmpty()
        ? Map.of()
        : Map.of("topic '" + settings.topic() + "'", "created " + created);
  }

  /** What tells reader and writer of one task whether they mean the same. */
  public HubMark mark(Retries retries, StageContext context) {
    return new HubMark(
        "datahub",
        settings.endpoint(),
        settings.project(),
        settings.topic(),
        retries.run(context, () -> topic(context)).created());
  }

  /** Every shard, closed ones included. */
  public List<HubShard> shards(StageContext context) {
    return call(
        context,
        doing,
        "shards of " + settings,
        () ->
            client.listShard(settings.project(), settings.topic()).getShards().stream()
                .map(
                    shard ->
                        new HubShard(
                            shard.getShardId(),
                            shard.getState() == ShardState.ACTIVE
                                || shard.getState() == ShardState.OPENING))
                .toList());
  }

  /** The first record that arrived at or after a time; empty when there is none. */
  public Optional<Seek> seekTime(String shard, long millis, StageContext context) {
    return seek(shard, CursorType.SYSTEM_TIME, millis, context);
  }

  /** The record of a sequence number; empty when it is not there. */
  public Optional<Seek> seekSequence(String shard, long sequence, StageContext context) {
    return seek(shard, CursorType.SEQUENCE, sequence, context);
  }

  /** The first record that is still there; empty when there is none. */
  public Optional<Seek> oldest(String shard, StageContext context) {
    return seek(shard, CursorType.OLDEST, -1, context);
  }

  /** The last record; empty when there is none. */
  public Optional<Seek> latest(String shard, StageContext context) {
    return seek(shard, CursorType.LATEST, -1, context);
  }

  private Optional<Seek> seek(String shard, CursorType type, long parameter, StageContext context) {
    return call(
        context,
        doing,
        "shard " + shard + " of " + settings,
        () -> {
          try {
            GetCursorResult result =
                client.getCursor(settings.project(), settings.topic(), shard, type, parameter);
            return Optional.of(
                new Seek(result.getCursor(), result.getSequence(), result.getTimestamp()));
          } catch (DatahubClientException e) {
            if (DataHubErrors.isOutOfRange(e)) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  /**
   * The next records.
   *
   * @param limit how many at most
   */
  public GetRecordsResponse records(String shard, String cursor, int limit, StageContext context) {
    return call(
        context,
        doing,
        "shard " + shard + " of " + settings + ", cursor " + cursor,
        () ->
            client
                .rawRecords(
                    settings.project(),
                    settings.topic(),
                    shard,
                    new GetRecordsRequestPB().setCursor(cursor).setLimit(limit))
                .response());
  }

  /**
   * Sends records. After a {@link DataHubError#PUT_UNCERTAIN} they may or may not stand there.
   *
   * @return those that the service did not take
   */
  public List<Refusal> put(List<RecordEntry> records, StageContext context) {
    return call(
        context,
        Doing.PUTTING,
        "writing to " + settings,
        () -> {
          PutRecordsResult result =
              client.putRecords(settings.project(), settings.topic(), records);
          List<Refusal> refusals = new ArrayList<>();
          if (result.getFailedRecordCount() > 0) {
            for (PutErrorEntry entry : result.getPutErrorEntries()) {
              refusals.add(
                  new Refusal(
                      entry.getIndex(),
                      String.valueOf(entry.getErrorcode()),
                      Sensitive.mark(settings.hidden(String.valueOf(entry.getMessage())))));
            }
          }
          return refusals;
        });
  }

  private <T> T call(StageContext context, Doing what, String where, Supplier<T> request) {
    try (Cancellation.Registration registration = context.cancellation().onCancel(this::close)) {
      return request.get();
    } catch (DatahubClientException e) {
      throw DataHubErrors.translate(e, what, where, settings);
    } catch (MillraceException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new MillraceException(
          what.unanswered,
          settings.hidden(where + ": the answer cannot be read (" + Sensitive.mark(e) + ")"),
          e);
    }
  }

  /** Ends what is running, too. */
  @Override
  public void close() {
    client.shutDown();
  }
}
