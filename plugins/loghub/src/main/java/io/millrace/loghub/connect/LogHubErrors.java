package io.millrace.loghub.connect;

import com.aliyun.openservices.log.exception.LogException;
import io.millrace.api.Sensitive;
import io.millrace.api.error.ErrorCode;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.hubs.Answers;
import java.util.Set;

/** Says what the service's errors mean: whose fault it is, and whether another try makes sense. */
final class LogHubErrors {

  private static final Set<String> ACCESS =
      Set.of(
          "Unauthorized",
          "SignatureNotMatch",
          "InvalidAccessKeyId",
          "AccessKeyIdNotFound",
          "DisabledAccessKeyId",
          "SecurityTokenExpired",
          "InvalidSecurityToken",
          "SecurityTokenInvalid",
          "ParameterAccessKeyInvalid");

  /** Only the content of one log can be the reason, so its neighbours may be taken. */
  private static final Set<String> CONTENT =
      Set.of(
          "PostBodyInvalid",
          "PostBodyTooLarge",
          "InvalidLogSize",
          "InvalidKey",
          "InvalidEncoding",
          "InvalidTimestamp");

  /** From the client itself: there was no answer that could be read. */
  private static final Set<String> UNANSWERED =
      Set.of(
          "RequestError",
          "BadResponse",
          "RequestTimeout",
          "DecompressException",
          "LogGroupCountNotMatch",
          "InitLogGroupsError",
          "ParseLogGroupListRawSizeError");

  /** What was being done, which decides the code that users search for. */
  enum Doing {
    READING(StandardError.READ, StandardError.READ, StandardError.READ_REFUSED),
    PREPARING(StandardError.WRITE, StandardError.WRITE, StandardError.WRITE_REFUSED),
    PUTTING(LogHubError.PUT_UNCERTAIN, StandardError.WRITE, StandardError.WRITE_REFUSED);

    private final ErrorCode unanswered;
    private final ErrorCode passing;
    private final ErrorCode lasting;

    Doing(ErrorCode unanswered, ErrorCode passing, ErrorCode lasting) {
      this.unanswered = unanswered;
      this.passing = passing;
      this.lasting = lasting;
    }

    static Doing of(boolean writing, boolean put) {
      return put ? PUTTING : writing ? PREPARING : READING;
    }

    /** When there was no answer that could be read. */
    ErrorCode unanswered() {
      return unanswered;
    }
  }

  private LogHubErrors() {}

  static MillraceException translate(
      LogException error, Doing doing, String what, LogHubSettings settings) {
    String code = String.valueOf(error.getErrorCode());
    String message = String.valueOf(error.GetErrorMessage()).replaceAll("\\s*\\R\\s*", " ");
    if (message.length() > 500) {
      message = message.substring(0, 500) + "…";
    }
    String text =
        settings.hidden(what + ": " + Sensitive.mark(message) + " (" + code + ")" + advice(code));
    return new MillraceException(classify(error, code, doing), text, error);
  }

  private static ErrorCode classify(LogException error, String code, Doing doing) {
    if (ACCESS.contains(code)) {
      return StandardError.ACCESS_DENIED;
    }
    if (code.equals("InvalidCursor")) {
      return LogHubError.CURSOR_EXPIRED;
    }
    if (doing == Doing.PUTTING && CONTENT.contains(code)) {
      return LogHubError.CONTENT_REFUSED;
    }
    if (code.equals("BadResponse")
        && Answers.isRefusal(error.getHttpCode())
        && doing != Doing.PUTTING) {
      return doing.lasting;
    }
    if (UNANSWERED.contains(code)) {
      return doing.unanswered;
    }
    int status = error.getHttpCode();
    // Whatever failed there or on the way may have done so after the logs were kept.
    if (doing == Doing.PUTTING && status >= 500) {
      return doing.unanswered;
    }
    boolean passes = status >= 500 || status == 429 || isQuota(code);
    return passes ? doing.passing : doing.lasting;
  }

  /** Throttling: {@code WriteQuotaExceed}, {@code ShardReadQuotaExceed} and their relatives. */
  private static boolean isQuota(String code) {
    return code.endsWith("QuotaExceed") || code.equals("ServerBusy");
  }

  private static String advice(String code) {
    if (ACCESS.contains(code)) {
      return "; check accessId, accessKey, the securityToken of a temporary key, and the rights of"
          + " the account";
    }
    if (isQuota(code)) {
      return "; use less concurrency or more shards";
    }
    return switch (code) {
      case "ProjectNotExist" -> "; check 'project' and the region in 'endpoint'";
      case "LogStoreNotExist" -> "; check 'logstore'";
      case "ShardNotExist" -> "; the shard is gone: start the task anew";
      case "RequestError" -> "; check 'endpoint' and the network";
      case "RequestTimeExpired", "RequestTimeTooSkewed" -> "; set this machine's clock";
      default -> "";
    };
  }
}
