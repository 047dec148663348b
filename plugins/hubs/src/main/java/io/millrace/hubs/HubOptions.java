package io.millrace.hubs;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import java.util.List;

/** Options that mean the same in every connector for such a log, spelt as DataX has them. */
public final class HubOptions {

  public static final ConfigOption<String> ENDPOINT =
      ConfigOption.string(
              "endpoint",
              "The service's address, such as https://cn-hangzhou.log.aliyuncs.com; with https the"
                  + " certificate is checked.")
          .mandatory()
          .asUrl(List.of())
          .directsSecrets();

  public static final ConfigOption<String> ACCESS_ID =
      ConfigOption.string("accessId", "The id of the access key.")
          .withAliases("accessKeyId")
          .mandatory()
          .asSecret();

  public static final ConfigOption<String> ACCESS_KEY =
      ConfigOption.string("accessKey", "The secret of the access key.")
          .withAliases("accessKeySecret")
          .mandatory()
          .asSecret();

  public static final ConfigOption<String> SECURITY_TOKEN =
      ConfigOption.string(
              "securityToken",
              "The token that belongs to a temporary access key; it is valid as long as the key.")
          .withAliases("stsToken", "sessionToken")
          .asSecret();

  public static final ConfigOption<String> PROJECT =
      ConfigOption.string("project", "The project.").mandatory();

  public static final ConfigOption<String> BEGIN_DATE_TIME =
      ConfigOption.string(
              "beginDateTime",
              "Records that arrived at or after this time are read; yyyyMMddHHmmss in the task's"
                  + " zone.")
          .mandatory();

  public static final ConfigOption<String> END_DATE_TIME =
      ConfigOption.string(
              "endDateTime",
              "Records that arrived before this time are read; yyyyMMddHHmmss in the task's zone.")
          .mandatory();

  public static final ConfigOption<Expired> EXPIRED =
      ConfigOption.choice(
              "expired",
              Expired.class,
              "What becomes of records that the service removed between planning and reading: fail"
                  + " ends the task, skip reads what is left and counts the rest in the log.")
          .withDefault(Expired.FAIL);

  public static final ConfigOption<Long> MAX_RETRY_TIMES =
      ConfigOption.integer(
              "maxRetryTimes",
              0,
              1000,
              "How often a request that failed or was throttled is sent again.")
          .withDefault(7L);

  public static final ConfigOption<Long> RETRY_INTERVAL_SECONDS =
      ConfigOption.integer(
              "retryIntervalSeconds",
              0,
              3600,
              "Seconds before the first retry; doubles up to 32 times as long.")
          .withDefault(1L);

  public static final ConfigOption<Long> SOCKET_TIMEOUT =
      ConfigOption.integer(
              "socketTimeout",
              100,
              3_600_000,
              "Milliseconds without an answer after which a request has failed.")
          .withDefault(60_000L);

  public static final ConfigOption<String> PROXY_HOST =
      ConfigOption.string("proxyHost", "An HTTP proxy through which requests go; none by default.")
          .directsSecrets();

  public static final ConfigOption<Long> PROXY_PORT =
      ConfigOption.integer("proxyPort", 1, 65_535, "The proxy's port.")
          .withDefault(80L)
          .directsSecrets();

  public static final ConfigOption<TimeStampUnit> TIME_STAMP_UNIT =
      ConfigOption.choice(
              "timeStampUnit",
              TimeStampUnit.class,
              "What numbers in columns of the type timestamp count since 1970, and in TIMESTAMP"
                  + " fields of DataHub. Without it seconds, and microseconds in such a field; the"
                  + " types seconds, millis and micros say it for one column.")
          .withAliases("timestampUnit");

  /** What a number counts that is read as a timestamp. */
  public enum TimeStampUnit {
    SECOND(ValueType.TIMESTAMP),
    MILLISECOND(ValueType.TIMESTAMP_MILLIS),
    MICROSECOND(ValueType.TIMESTAMP_MICROS);

    private final ValueType type;

    TimeStampUnit(ValueType type) {
      this.type = type;
    }

    /** What such a value is read as. */
    public ValueType type() {
      return type;
    }
  }

  private HubOptions() {}

  /**
   * The project, which becomes a part of a host's name.
   *
   * @throws MillraceException when it has other characters than a project's name
   */
  public static String project(Options options) {
    String project = options.get(PROJECT).strip();
    if (!project.matches("[A-Za-z0-9_-]+")) {
      throw wrong("option 'project': is not the name of a project: letters, digits, - and _");
    }
    return project;
  }

  /** The error for options that do not fit together. */
  public static MillraceException wrong(String message) {
    return new MillraceException(StandardError.CONFIGURATION, message);
  }

  /** What becomes of records of the window that are not there any more when they are read. */
  public enum Expired {
    FAIL,
    SKIP
  }
}
