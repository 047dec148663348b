package io.millrace.loghub.connect;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.common.Consts.CursorMode;
import com.aliyun.openservices.log.common.LogGroupData;
import com.aliyun.openservices.log.common.LogStore;
import com.aliyun.openservices.log.common.auth.DefaultCredentials;
import com.aliyun.openservices.log.common.auth.StaticCredentialsProvider;
import com.aliyun.openservices.log.exception.LogException;
import com.aliyun.openservices.log.http.client.ClientConfiguration;
import com.aliyun.openservices.log.request.PullLogsRequest;
import com.aliyun.openservices.log.request.PutLogsRequest;
import com.aliyun.openservices.log.response.PullLogsResponse;
import io.millrace.api.Cancellation;
import io.millrace.api.Sensitive;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Reader;
import io.millrace.hubs.HubMark;
import io.millrace.hubs.Retries;
import java.util.List;
import java.util.Map;

/**
 * One logstore through the service's own client. Each call is one request: it is not sent again
 * here, and a cancellation ends it. Safe for use by several threads.
 */
public final class LogHubClient implements AutoCloseable {

  private static final int CONNECTIONS = 16;
  private static final int CONNECT_MILLIS = 10_000;

  /** Beyond any answer the service gives; the client would take the memory unseen. */
  private static final int MAX_ANSWER_BYTES = 256 << 20;

  private final LogHubSettings settings;
  private final boolean writing;
  private final CheckedTransport transport;
  private final Client client;

  private LogHubClient(
      LogHubSettings settings, boolean writing, CheckedTransport transport, Client client) {
    this.settings = settings;
    this.writing = writing;
    this.transport = transport;
    this.client = client;
  }

  /** For a reader; connects to nothing yet. */
  public static LogHubClient reading(LogHubSettings settings) {
    return open(settings, false);
  }

  /** For a writer; connects to nothing yet. */
  public static LogHubClient writing(LogHubSettings settings) {
    return open(settings, true);
  }

  private static LogHubClient open(LogHubSettings settings, boolean writing) {
    ClientConfiguration configuration = new ClientConfiguration();
    configuration.setMaxConnections(CONNECTIONS);
    configuration.setConnectionTimeout(Math.min(CONNECT_MILLIS, settings.socketTimeoutMillis()));
    configuration.setSocketTimeout(settings.socketTimeoutMillis());
    configuration.setRetryDisabled(true);
    configuration.setUseReaper(false);
    if (!settings.proxyHost().isEmpty()) {
      configuration.setProxyHost(settings.proxyHost());
      configuration.setProxyPort(settings.proxyPort());
    }
    CheckedTransport transport = new CheckedTransport(configuration);
    try {
      Client client =
          new Client(
              settings.endpoint(),
              new StaticCredentialsProvider(credentials(settings)),
              transport,
              "127.0.0.1");
      return new LogHubClient(settings, writing, transport, client);
    } catch (IllegalArgumentException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "option 'endpoint': '"
              + settings.endpoint()
              + "' must be a host name without port, such as https://cn-hangzhou.log.aliyuncs.com;"
              + " the service's client takes no IP address",
          e);
    }
  }

  private static DefaultCredentials credentials(LogHubSettings settings) {
    return settings.securityToken().isEmpty()
        ? new DefaultCredentials(settings.accessId(), settings.accessKey())
        : new DefaultCredentials(
            settings.accessId(), settings.accessKey(), settings.securityToken());
  }

  /**
   * Asks for the project.
   *
   * @throws MillraceException when it is not there, or the account may not ask
   */
  public void requireProject(StageContext context) {
    call(
        context,
        false,
        "asking for project " + settings,
        () -> client.GetProject(settings.project()));
  }

  /** Every shard, read-only ones included. */
  public List<LogShard> shards(StageContext context) {
    return call(
        context,
        false,
        "listing the shards of " + settings,
        () ->
            client.ListShard(settings.project(), settings.logstore()).GetShards().stream()
                .map(
                    shard ->
                        new LogShard(
                            shard.getShardId(), "readonly".equalsIgnoreCase(shard.getStatus())))
                .toList());
  }

  /** What the service says of the logstore, which not every account may ask. */
  public LogstoreFacts facts(StageContext context) {
    return call(
        context,
        false,
        "asking for " + settings,
        () -> {
          LogStore found =
              client.GetLogStore(settings.project(), settings.logstore()).GetLogStore();
          int created = found.GetCreateTime();
          return new LogstoreFacts(found.GetTtl(), created > 0 ? Integer.toString(created) : "");
        });
  }

  /**
   * The same, again where that may help; unknown where the account may not ask, which the log
   * tells.
   */
  public LogstoreFacts facts(Retries retries, StageContext context) {
    try {
      return retries.run(context, () -> facts(context));
    } catch (MillraceException e) {
      context.cancellation().throwIfCancelled();
      if (e.errorCode() != StandardError.ACCESS_DENIED) {
        throw e;
      }
      context
          .log()
          .info("the retention and the age of the logstore are not known: " + Sensitive.message(e));
      return LogstoreFacts.UNKNOWN;
    }
  }

  /** The logstore's identity for the engine; empty where the service does not tell it. */
  public Map<String, String> identity(Retries retries, StageContext context) {
    String name = "logstore '" + settings.logstore() + "'";
    try {
      String created = retries.run(context, () -> facts(context)).created();
      return created.isEmpty() ? Map.of() : Map.of(name, "created " + created);
    } catch (MillraceException e) {
      context.cancellation().throwIfCancelled();
      if (e.errorCode() != StandardError.ACCESS_DENIED) {
        throw e;
      }
      return Map.of(name, Reader.UNREADABLE + e.getMessage());
    }
  }

  /** What tells reader and writer of one task whether they mean the same. */
  public HubMark mark(Retries retries, StageContext context) {
    return new HubMark(
        "loghub",
        settings.endpoint(),
        settings.project(),
        settings.logstore(),
        facts(retries, context).created());
  }

  /**
   * Makes sure that the logstore is the one that a run began with.
   *
   * @param before when that was created; empty where it is not known
   */
  public void requireSame(String before, Retries retries, StageContext context) {
    if (before.isEmpty()) {
      return;
    }
    String found = facts(retries, context).created();
    if (!found.isEmpty() && !found.equals(before)) {
      throw new MillraceException(
          writing ? StandardError.WRITE_REFUSED : StandardError.READ_REFUSED,
          "the logstore "
              + settings
              + " was deleted and created again since the task began; run the task from scratch");
    }
  }

  /**
   * The cursor of the first log group that arrived at or after a time; of the next one to come when
   * there is none.
   *
   * @param seconds since 1970
   */
  public String cursor(int shard, long seconds, StageContext context) {
    return call(
        context,
        false,
        "shard " + shard + " of " + settings,
        () ->
            client.GetCursor(settings.project(), settings.logstore(), shard, seconds).GetCursor());
  }

  /** The cursor of the first log group that is still there. */
  public String earliestCursor(int shard, StageContext context) {
    return call(
        context,
        false,
        "shard " + shard + " of " + settings,
        () ->
            client.GetCursor(settings.project(), settings.logstore(), shard, CursorMode.BEGIN)
                .GetCursor());
  }

  /**
   * The next log groups of a range.
   *
   * @param groups how many at most
   * @param query a filter the service applies, or empty
   */
  public PulledLogs pull(ShardRange range, int groups, String query, StageContext context) {
    return call(
        context,
        false,
        "shard " + range.shard() + " of " + settings + ", cursor " + range.from(),
        () -> {
          PullLogsResponse response =
              client.pullLogs(
                  new PullLogsRequest(
                      settings.project(),
                      settings.logstore(),
                      range.shard(),
                      groups,
                      range.from(),
                      range.end(),
                      query));
          if (response.getRawSize() < 0 || response.getRawSize() > MAX_ANSWER_BYTES) {
            throw new LogException(
                "BadResponse", "an answer of " + response.getRawSize() + " bytes", "");
          }
          List<LogGroupData> pulled = response.getLogGroups();
          String next = response.getNextCursor();
          if (next == null || next.isEmpty()) {
            throw new LogException("BadResponse", "an answer without a next cursor", "");
          }
          return new PulledLogs(pulled, next);
        });
  }

  /**
   * Sends one log group. After a {@link LogHubError#PUT_UNCERTAIN} it may or may not stand there.
   *
   * @param group in the service's own encoding
   */
  public void put(String topic, byte[] group, StageContext context) {
    call(
        context,
        true,
        "writing to " + settings,
        () ->
            client.PutLogs(
                new PutLogsRequest(
                    settings.project(), settings.logstore(), topic, "", group, null)));
  }

  private <T> T call(StageContext context, boolean put, String what, Request<T> request) {
    try (Cancellation.Registration registration = context.cancellation().onCancel(this::close)) {
      return request.send();
    } catch (LogException e) {
      throw LogHubErrors.translate(e, LogHubErrors.Doing.of(writing, put), what, settings);
    } catch (IllegalArgumentException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION, settings.hidden(what + ": " + Sensitive.message(e)), e);
    } catch (MillraceException e) {
      throw e;
    } catch (RuntimeException e) {
      // The client does not guard itself against answers that are broken, or a pool that was shut.
      throw new MillraceException(
          LogHubErrors.Doing.of(writing, put).unanswered(),
          settings.hidden(what + ": the answer cannot be read (" + Sensitive.mark(e) + ")"),
          e);
    } finally {
      transport.done();
    }
  }

  /** Ends what is running, too. */
  @Override
  public void close() {
    client.shutdown();
  }

  private interface Request<T> {
    T send() throws LogException;
  }
}
