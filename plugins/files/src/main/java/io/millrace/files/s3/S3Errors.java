package io.millrace.files.s3;

import io.millrace.api.Cancellation;
import io.millrace.api.Sensitive;
import io.millrace.api.error.ErrorCode;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

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

  private S3Errors() {}

  static MillraceException of(
      SdkException e, Doing doing, String name, S3Options options, Cancellation cancellation) {
    cancellation.throwIfCancelled();
    String what = "cannot " + doing.word + " " + name + ": ";
    if (e instanceof AwsServiceException service) {
      return answered(service, doing, what, options);
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
    boolean connecting =
        root instanceof UnknownHostException
            || root instanceof ConnectException
            || root instanceof SSLException;
    return new MillraceException(
        connecting ? StandardError.CONNECT : doing.passing, what + reason, e);
  }

  /** The error of an answer that says that all is well, and lacks what it must hold. */
  static MillraceException noAnswer(Doing doing, String name, String what, S3Options options) {
    return new MillraceException(
        doing.passing,
        "cannot "
            + doing.word
            + " "
            + name
            + ": the answer "
            + what
            + "; check that "
            + options.describe()
            + " speaks S3, and what stands before it");
  }

  private static MillraceException answered(
      AwsServiceException e, Doing doing, String what, S3Options options) {
    int status = e.statusCode();
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
      default ->
          reason =
              given
                  + (e.awsErrorDetails() == null
                      ? ""
                      : ", " + Sensitive.mark(firstLine(e.awsErrorDetails().errorMessage())));
    }
    return new MillraceException(error, what + reason, e);
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "no reason given" : message.lines().findFirst().orElse("").strip();
  }
}
