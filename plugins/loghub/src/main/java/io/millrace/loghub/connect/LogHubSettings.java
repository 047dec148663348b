package io.millrace.loghub.connect;

import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.hubs.HubOptions;

/**
 * Where a logstore is and who asks.
 *
 * @param endpoint with or without a scheme, without the project
 * @param proxyHost empty for none
 * @param socketTimeoutMillis milliseconds without an answer after which a request has failed
 */
public record LogHubSettings(
    String endpoint,
    String accessId,
    String accessKey,
    String project,
    String logstore,
    String proxyHost,
    int proxyPort,
    int socketTimeoutMillis) {

  public static final ConfigOption<String> LOGSTORE =
      ConfigOption.string("logstore", "The logstore.").mandatory();

  private static final int ONE_ANSWER_MILLIS = 15_000;

  /** Without a logstore where the options may name none: that of a connection test. */
  public static LogHubSettings of(Options options) {
    return new LogHubSettings(
        options.get(HubOptions.ENDPOINT).strip(),
        options.get(HubOptions.ACCESS_ID).strip(),
        options.get(HubOptions.ACCESS_KEY).strip(),
        HubOptions.project(options),
        options.find(LOGSTORE).orElse("").strip(),
        options.find(HubOptions.PROXY_HOST).orElse("").strip(),
        Math.toIntExact(options.get(HubOptions.PROXY_PORT)),
        Math.toIntExact(options.get(HubOptions.SOCKET_TIMEOUT)));
  }

  /** The same for somebody who waits for one answer. */
  LogHubSettings forOneAnswer() {
    return new LogHubSettings(
        endpoint,
        accessId,
        accessKey,
        project,
        logstore,
        proxyHost,
        proxyPort,
        Math.min(socketTimeoutMillis, ONE_ANSWER_MILLIS));
  }

  /** The same text without the access key, for what comes from elsewhere. */
  String hidden(String text) {
    String hidden = accessKey.isEmpty() ? text : text.replace(accessKey, "***");
    return accessId.isEmpty() ? hidden : hidden.replace(accessId, "***");
  }

  /** Without the access key. */
  @Override
  public String toString() {
    return project + (logstore.isEmpty() ? "" : "/" + logstore) + " at " + endpoint;
  }
}
