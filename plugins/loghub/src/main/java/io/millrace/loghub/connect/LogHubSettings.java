package io.millrace.loghub.connect;

import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.hubs.HubOptions;
import java.util.List;

/**
 * Where a logstore is and who asks.
 *
 * @param endpoint with or without a scheme, without the project
 * @param securityToken of a temporary access key; empty for none
 * @param proxyHost empty for none
 * @param socketTimeoutMillis milliseconds without an answer after which a request has failed
 */
public record LogHubSettings(
    String endpoint,
    String accessId,
    String accessKey,
    String securityToken,
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
        options.find(HubOptions.SECURITY_TOKEN).orElse("").strip(),
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
        securityToken,
        project,
        logstore,
        proxyHost,
        proxyPort,
        Math.min(socketTimeoutMillis, ONE_ANSWER_MILLIS));
  }

  /** The same text without the access key, for what comes from elsewhere. */
  String hidden(String text) {
    String hidden = text;
    for (String secret : List.of(securityToken, accessKey, accessId)) {
      hidden = secret.isEmpty() ? hidden : hidden.replace(secret, "***");
    }
    return hidden;
  }

  /** Without the access key. */
  @Override
  public String toString() {
    return project + (logstore.isEmpty() ? "" : "/" + logstore) + " at " + endpoint;
  }
}
