package io.millrace.files.s3;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a bucket is reached.
 *
 * @param endpoint null for AWS itself
 * @param sessionToken null without one
 * @param pathStyle whether the bucket stands in the path, not in the host's name
 * @param timeout without an answer after which a request is tried again
 * @param retries of a request that failed for a reason that passes
 */
public record S3Options(
    @Nullable URI endpoint,
    String region,
    String bucket,
    String accessKey,
    String secretKey,
    @Nullable String sessionToken,
    boolean pathStyle,
    Duration timeout,
    int retries) {

  static final ConfigOption<String> ENDPOINT =
      ConfigOption.string(
              "endpoint",
              "Where the store answers, such as https://s3.oss-cn-hangzhou.aliyuncs.com; without it"
                  + " AWS in the given region.")
          .withAliases("endPoint")
          .asUrl(List.of())
          .directsSecrets();
  static final ConfigOption<String> REGION =
      ConfigOption.string(
              "region", "The region that requests are signed for; by default that of the endpoint.")
          .directsSecrets();
  static final ConfigOption<String> BUCKET =
      ConfigOption.string("bucket", "The bucket.").mandatory();
  static final ConfigOption<String> ACCESS_ID =
      ConfigOption.string("accessId", "The access key's id.")
          .withAliases("accessKeyId", "username")
          .asSecret()
          .mandatory();
  static final ConfigOption<String> ACCESS_KEY =
      ConfigOption.string("accessKey", "The access key's secret.")
          .withAliases("accessKeySecret", "secretKey", "secretAccessKey", "password")
          .mandatory()
          .asSecret();
  static final ConfigOption<String> SESSION_TOKEN =
      ConfigOption.string("sessionToken", "The token that belongs to temporary keys.")
          .withAliases("securityToken", "stsToken")
          .asSecret();
  static final ConfigOption<Boolean> PATH_STYLE =
      ConfigOption.bool(
          "pathStyle",
          "Whether the bucket stands in the path (https://host/bucket/key), as MinIO wants it, or"
              + " in the host's name, as AWS and OSS do; by default it does where the endpoint is an"
              + " address without a name.");
  static final ConfigOption<Long> SOCKET_TIMEOUT =
      ConfigOption.integer(
              "socketTimeout",
              100,
              3_600_000,
              "Milliseconds without an answer after which a request is tried again.")
          .withDefault(60_000L);
  static final ConfigOption<Long> MAX_RETRIES =
      ConfigOption.integer(
              "maxRetries",
              0,
              100,
              "How often a request is tried again that failed for a reason that passes, such as 503"
                  + " Slow Down; pauses grow up to 20 seconds.")
          .withDefault(8L);

  private static final Duration ONE_ANSWER = Duration.ofSeconds(10);

  private static final Pattern OSS =
      Pattern.compile("(?:.*\\.)?oss-([a-z0-9-]+?)(?:-internal)?\\.aliyuncs\\.com");
  private static final Pattern BUCKET_NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{1,62}");

  /** Every option in the order documentation shows them. */
  public static List<ConfigOption<?>> declared() {
    return List.of(
        ENDPOINT,
        REGION,
        BUCKET,
        ACCESS_ID,
        ACCESS_KEY,
        SESSION_TOKEN,
        PATH_STYLE,
        SOCKET_TIMEOUT,
        MAX_RETRIES);
  }

  /** Reads them. */
  public static S3Options of(Options options) {
    URI endpoint =
        options.find(ENDPOINT).filter(e -> !e.isBlank()).map(S3Options::uri).orElse(null);
    String host = endpoint == null ? "" : endpoint.getHost().toLowerCase(Locale.ROOT);
    String bucket = options.get(BUCKET).strip();
    if (!BUCKET_NAME.matcher(bucket).matches()) {
      throw wrong("option 'bucket': '" + bucket + "' is not a bucket's name");
    }
    boolean bare = host.equals("localhost") || host.matches("[0-9.]+") || host.startsWith("[");
    return new S3Options(
        endpoint,
        options.find(REGION).filter(r -> !r.isBlank()).orElse(region(host)),
        bucket,
        options.get(ACCESS_ID).strip(),
        options.get(ACCESS_KEY).strip(),
        options.find(SESSION_TOKEN).filter(t -> !t.isBlank()).orElse(null),
        options.find(PATH_STYLE).orElse(bare),
        Duration.ofMillis(options.get(SOCKET_TIMEOUT)),
        Math.toIntExact(options.get(MAX_RETRIES)));
  }

  private static String region(String host) {
    Matcher oss = OSS.matcher(host);
    return oss.matches() ? oss.group(1) : "us-east-1";
  }

  private static URI uri(String text) {
    String full = text.strip().contains("://") ? text.strip() : "https://" + text.strip();
    try {
      URI uri = URI.create(full);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http && uri.getHost() != null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw wrong("option 'endpoint': is not an address such as https://s3.example.com");
    }
    throw wrong("option 'endpoint': is not an address such as https://s3.example.com");
  }

  private static MillraceException wrong(String message) {
    return new MillraceException(StandardError.CONFIGURATION, message);
  }

  /**
   * Within which a bucket's name is the bucket: AWS and OSS, which are reached by many addresses,
   * or else the address itself.
   */
  String owner() {
    URI address = endpoint;
    String host = address == null ? "" : address.getHost().toLowerCase(Locale.ROOT);
    if (address == null || host.endsWith(".amazonaws.com")) {
      return "aws";
    }
    if (OSS.matcher(host).matches()) {
      return "oss";
    }
    int port = address.getPort();
    return host + ":" + (port >= 0 ? port : address.getScheme().equals("http") ? 80 : 443);
  }

  /** The same for somebody who waits for one answer: at most one retry, within some seconds. */
  S3Options forOneAnswer() {
    return new S3Options(
        endpoint,
        region,
        bucket,
        accessKey,
        secretKey,
        sessionToken,
        pathStyle,
        timeout.compareTo(ONE_ANSWER) < 0 ? timeout : ONE_ANSWER,
        Math.min(retries, 1));
  }

  /** How people call the place, without secrets. */
  String describe() {
    return "bucket '"
        + bucket
        + "' at "
        + Optional.ofNullable(endpoint).map(URI::toString).orElse("AWS");
  }

  @Override
  public String toString() {
    return describe();
  }
}
