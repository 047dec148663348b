package io.millrace.datahub.connect;

import com.aliyun.datahub.client.exception.DatahubClientException;
import com.aliyun.datahub.client.exception.InvalidParameterException;
import io.millrace.api.Sensitive;
import io.millrace.api.error.ErrorCode;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.hubs.Answers;
import java.util.Locale;
import java.util.Set;

/** Says what the service's errors mean: whose fault it is, and whether another try makes sense. */
public final class DataHubErrors {

  private static final Set<String> ACCESS =
      Set.of("Unauthorized", "ExpiredAccessToken", "InvalidSecurityToken");

  /** Only the content of one record can be the reason, so its neighbours may be taken. */
  private static final Set<String> CONTENT = Set.of("MalformedRecord", "InvalidParameter");

  private static final Set<String> CLOSED = Set.of("InvalidShardOperation", "NoSuchShard");

  /** The service failed, and does not say whether before it took a record or after. */
  private static final Set<String> UNCERTAIN = Set.of("InternalServerError", "ServiceUnavailable");

  private static final Set<String> PASSING =
      Set.of("LimitExceeded", "InternalServerError", "ServiceUnavailable", "ShardNotReady");

  private DataHubErrors() {}

  /** True when this is what the service says of one record that it will never take. */
  public static boolean isContent(String code) {
    return CONTENT.contains(code);
  }

  /** True when this is what the service says of a record whose shard takes nothing more. */
  public static boolean isClosed(String code) {
    return CLOSED.contains(code);
  }

  /** True when this does not tell whether a record was taken. */
  public static boolean isUncertain(String code) {
    return UNCERTAIN.contains(code);
  }

  /** True when the position asked for lies outside of what the shard holds. */
  static boolean isOutOfRange(DatahubClientException error) {
    String message = String.valueOf(error.getErrorMessage()).toLowerCase(Locale.ROOT);
    return "SeekOutOfRange".equalsIgnoreCase(error.getErrorCode())
        || error instanceof InvalidParameterException && message.contains("out of range");
  }

  static MillraceException translate(
      DatahubClientException error, Doing doing, String what, DataHubSettings settings) {
    String code = error.getErrorCode() == null ? "" : error.getErrorCode();
    String message = String.valueOf(error.getErrorMessage()).replaceAll("\\s*\\R\\s*", " ");
    if (message.length() > 500) {
      message = message.substring(0, 500) + "…";
    }
    String text =
        what
            + ": "
            + (message.isBlank() && error.getHttpStatus() > 0
                ? "HTTP " + error.getHttpStatus() + ", and no reason of the service's own"
                : Sensitive.mark(message))
            + (code.isEmpty() ? "" : " (" + code + ")")
            + advice(code);
    return new MillraceException(classify(error, code, doing), settings.hidden(text), error);
  }

  private static ErrorCode classify(DatahubClientException error, String code, Doing doing) {
    if (ACCESS.contains(code)) {
      return StandardError.ACCESS_DENIED;
    }
    if (code.equals("InvalidCursor") || isOutOfRange(error)) {
      return DataHubError.EXPIRED;
    }
    if (code.isEmpty() && Answers.isRefusal(error.getHttpStatus()) && doing != Doing.PUTTING) {
      return doing.lasting;
    }
    if (code.isEmpty()) {
      // Of the client itself: it looks at names before it sends anything.
      return error instanceof InvalidParameterException
          ? StandardError.CONFIGURATION
          : doing.unanswered;
    }
    if (doing == Doing.PUTTING && isContent(code)) {
      return DataHubError.CONTENT_REFUSED;
    }
    if (doing == Doing.PUTTING && isClosed(code)) {
      return DataHubError.SHARD_CLOSED;
    }
    int status = error.getHttpStatus();
    // Whatever failed there or on the way may have done so after the records were kept.
    if (doing == Doing.PUTTING && (status >= 500 || isUncertain(code))) {
      return doing.unanswered;
    }
    boolean passes = PASSING.contains(code) || status >= 500 || status == 429;
    return passes ? doing.passing : doing.lasting;
  }

  private static String advice(String code) {
    return switch (code) {
      case "Unauthorized", "ExpiredAccessToken", "InvalidSecurityToken" ->
          "; check accessId, accessKey and the securityToken of a temporary key";
      case "NoPermission" -> "; grant the account access to the topic";
      case "NoSuchProject" -> "; check 'project' and the region in 'endpoint'";
      case "NoSuchTopic" -> "; check 'topic'";
      case "NoSuchShard" -> "; the shard is gone: start the task anew";
      case "LimitExceeded" -> "; use less concurrency or more shards";
      case "" -> "; check 'endpoint' and the network";
      default -> "";
    };
  }
}
