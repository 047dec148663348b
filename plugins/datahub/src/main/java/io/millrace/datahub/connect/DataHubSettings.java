package io.millrace.datahub.connect;

import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.hubs.HubOptions;
import java.util.List;

/**
 * Where a topic is and who asks.
 *
 * @param endpoint with its scheme
 * @param securityToken of a temporary access key; empty for none
 * @param proxyHost empty for none
 * @param socketTimeoutMillis milliseconds without an answer after which a request has failed
 */
public record DataHubSettings(
    String endpoint,
    String accessId,
    String accessKey,
    String securityToken,
    String project,
    String topic,
    String proxyHost,
    int proxyPort,
    int socketTimeoutMillis) {

  public static final ConfigOption<String> TOPIC =
      ConfigOption.string("topic", "The topic.").mandatory();

  private static final int ONE_ANSWER_MILLIS = 15_000;

  /** Without a topic where the options may name none: that of a connection test. */
  public static DataHubSettings of(Options options) {
    String endpoint = options.get(HubOptions.ENDPOINT).strip();
    return new DataHubSettings(
        endpoint.startsWith("http://") || endpoint.startsWith("https://")
            ? endpoint
            : "http://" + endpoint,
        options.get(HubOptions.ACCESS_ID).strip(),
        options.get(HubOptions.ACCESS_KEY).strip(),
        options.find(HubOptions.SECURITY_TOKEN).orElse("").strip(),
        HubOptions.project(options),
        options.find(TOPIC).orElse("").strip(),
        options.find(HubOptions.PROXY_HOST).orElse("").strip(),
        Math.toIntExact(options.get(HubOptions.PROXY_PORT)),
        Math.toIntExact(options.get(HubOptions.SOCKET_TIMEOUT)));
  }

  /** The same for somebody who waits for one answer. */
  DataHubSettings forOneAnswer() {
    return new DataHubSettings(
        endpoint,
        accessId,
        accessKey,
        securityToken,
        project,
        topic,
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
    return project + (topic.isEmpty() ? "" : "/" + topic) + " at " + endpoint;
  }
}
