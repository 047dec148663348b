package io.millrace.files.s3;

import io.millrace.api.Cancellation;
import io.millrace.api.Sensitive;
import io.millrace.api.error.ErrorCode;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Says in one line what the store refused, without secrets. */
final class S3Errors {

  /** What was being done. */
  enum Doing {
    LISTING("list", StandardError.READ, StandardError.READ_REFUSED),
    READING("read", StandardError.READ, StandardError.READ_REFUSED),
    WRITING("write", StandardError.WRITE, StandardError.WRITE_REFUSED),
    DELETING("delete", StandardError.WRITE, StandardError.WRITE_REFUSED);

    private final String word;
    private final StandardError passing;
    private final StandardError refused;

    Doing(String word, StandardError passing, StandardError refused) {
      this.word = word;
      this.passing = passing;
      this.refused = refused;
    }
  }

  /** What the JDK says when the answer to its greeting is no TLS. */
  private static final String NO_TLS = "Unsupported or unrecognized SSL message";

  /** What an answer says that comes from another region than the bucket's. */
  private static final Set<Integer> ELSEWHERE = Set.of(301, 307, 400);

  private static final Pattern REGION = Pattern.compile("<Region>([a-z0-9-]{2,40})</Region>");

  private static final Pattern REGION_NAME = Pattern.compile("[a-z0-9-]{2,40}");

  /** Shown of an answer. */
  private static final int SHOWN = 100;

  private final S3Options options;
  private final byte @Nullable [] answer;

  /**
   * @param answer the beginning of the store's last answer; null where its body was not read
   */
  S3Errors(S3Options options, byte @Nullable [] answer) {
    this.options = options;
    this.answer = answer;
  }

  MillraceException of(SdkException e, Doing doing, String name, Cancellation cancellation) {
    cancellation.throwIfCancelled();
    String what = "cannot " + doing.word + " " + name + ": ";
    if (e instanceof AwsServiceException service) {
      return answered(service, doing, what);
    }
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String said = firstLine(root.getMessage());
    String reason = Sensitive.mark(said);
    if (root instanceof UnknownHostException) {
      reason = "no host has the name " + reason + ": check endpoint, region and pathStyle";
    } else if (root instanceof SocketTimeoutException) {
      reason = "no answer within " + options.timeout().toMillis() + " ms";
    } else if (root instanceof ConnectException) {
      reason = "nothing answers at " + options.describe() + " (" + reason + "): check endpoint";
    } else if (root instanceof SSLException && said.equals(NO_TLS)) {
      reason =
          "what answers at " + options.describe() + " speaks no TLS: begin endpoint with http://";
    }
    if (!(root instanceof IOException) && answer != null) {
      reason =
          "the answer cannot be understood ("
              + reason
              + ")"
              + begins(", and ")
              + "; check that "
              + options.describe()
              + " speaks S3, and what stands before it";
    }
    boolean connecting =
        root instanceof UnknownHostException
            || root instanceof ConnectException
            || root instanceof SSLException;
    return new MillraceException(
        connecting ? StandardError.CONNECT : doing.passing, what + reason, e);
  }

  /** The error of an answer that says that all is well, and lacks what it must hold. */
  MillraceException noAnswer(Doing doing, String name, String what) {
    return new MillraceException(
        doing.passing,
        "cannot "
            + doing.word
            + " "
            + name
            + ": the answer "
            + what
            + begins(", and ")
            + "; check that "
            + options.describe()
            + " speaks S3, and what stands before it");
  }

  /** What came, in one line; nothing where there is none. */
  private String begins(String before) {
    byte[] bytes = answer;
    if (bytes == null || bytes.length == 0) {
      return "";
    }
    String text = new String(bytes, StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
    for (String secret : secrets()) {
      // A page that stands before the store may show what it was asked.
      text = text.replace(secret, "***");
    }
    String plain = Sensitive.plain(text).replaceAll("\\p{Cntrl}", "?");
    boolean whole = plain.codePointCount(0, plain.length()) <= SHOWN;
    String shown =
        whole ? plain : plain.substring(0, plain.offsetByCodePoints(0, SHOWN)) + "\u2026";
    return before + "begins with " + Sensitive.mark("'" + shown + "'");
  }

  private List<String> secrets() {
    String token = options.sessionToken();
    return Stream.of(options.accessKey(), options.secretKey(), token == null ? "" : token)
        .filter(each -> !each.isEmpty())
        .toList();
  }

  /** The region that an answer says the bucket lies in; null where it says none. */
  private @Nullable String region(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    SdkHttpResponse response = details == null ? null : details.sdkHttpResponse();
    String told =
        response == null
            ? null
            : response
                .firstMatchingHeader("x-amz-bucket-region")
                .filter(each -> REGION_NAME.matcher(each).matches())
                .orElse(null);
    byte[] body = answer;
    if (told != null || body == null) {
      return told;
    }
    Matcher matcher = REGION.matcher(new String(body, StandardCharsets.UTF_8));
    return matcher.find() ? matcher.group(1) : null;
  }

  private MillraceException answered(AwsServiceException e, Doing doing, String what) {
    int status = e.statusCode();
    String region = ELSEWHERE.contains(status) ? region(e) : null;
    if (region != null && !region.equals(options.region())) {
      // The address of one region does not answer for another.
      boolean address = options.endpoint() != null && status != 400;
      return new MillraceException(
          doing.refused,
          what
              + options.describe()
              + " lies in region '"
              + region
              + "', and requests are signed for '"
              + options.region()
              + "': set region: "
              + region
              + (address ? ", and endpoint to that of the region" : ""),
          e);
    }
    String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    String given = code == null || code.isBlank() ? "HTTP " + status : code;
    // An error in an answer that began as success is the store's own: it says so before it knows.
    boolean passes = status >= 500 || status == 429 || status < 300;
    ErrorCode error = passes ? doing.passing : doing.refused;
    String reason;
    switch (given) {
      case "NoSuchBucket" ->
          reason = options.describe() + " does not exist: check bucket and endpoint, or create it";
      case "SignatureDoesNotMatch" -> {
        error = StandardError.ACCESS_DENIED;
        reason = "the secret does not belong to the access id: check accessKey";
      }
      case "InvalidAccessKeyId", "InvalidAccessKey" -> {
        error = StandardError.ACCESS_DENIED;
        reason = "the access id is not known there: check accessId and endpoint";
      }
      case "ExpiredToken", "InvalidToken", "InvalidSecurityToken" -> {
        error = StandardError.ACCESS_DENIED;
        reason = "the session token is not valid or has expired";
      }
      case "RequestTimeTooSkewed" -> reason = "the clock of this machine is wrong";
      case "SlowDown", "ServiceUnavailable", "HTTP 503", "HTTP 429", "TooManyRequests" -> {
        error = doing.passing;
        reason =
            "the store asks to slow down ("
                + given
                + ") and did so "
                + (options.retries() + 1)
                + " times: lower concurrency, or raise maxRetries";
      }
      case "AccessDenied", "HTTP 403" -> {
        error = StandardError.ACCESS_DENIED;
        reason = "the account may not, or the secret is wrong (" + given + ")";
      }
      case "PermanentRedirect", "TemporaryRedirect", "HTTP 301", "HTTP 307" ->
          reason =
              options.describe()
                  + " lies elsewhere ("
                  + given
                  + "): set region and endpoint to those of the bucket";
      default ->
          reason =
              given
                  + (e.awsErrorDetails() == null
                      ? ""
                      : ", " + Sensitive.mark(firstLine(e.awsErrorDetails().errorMessage())));
    }
    boolean unknown = code == null || code.isBlank();
    return new MillraceException(
        error, what + reason + (unknown ? begins("; the answer ") : ""), e);
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "no reason given" : message.lines().findFirst().orElse("").strip();
  }
}
