package io.millrace.kafka.connect;

import io.millrace.api.Sensitive;
import io.millrace.api.error.ErrorCode;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.IllegalSaslStateException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Says what a client's error means: whose fault it is, and whether another try makes sense. */
public final class KafkaErrors {

  /** What was being done, which decides the code that users search for. */
  public enum Doing {
    READING(StandardError.READ, StandardError.READ_REFUSED),
    WRITING(StandardError.WRITE, StandardError.WRITE_REFUSED);

    private final StandardError passing;
    private final StandardError lasting;

    Doing(StandardError passing, StandardError lasting) {
      this.passing = passing;
      this.lasting = lasting;
    }
  }

  /** How the clients' constructors begin what they say of whatever went wrong in them. */
  private static final String NOT_MADE = "(?is)failed (to )?(construct|create new) kafka.*";

  private KafkaErrors() {}

  /**
   * The error in Millrace's terms.
   *
   * @param what where it happened, such as a topic and its brokers; begins the message
   * @param nanos how long the call took, for what did not answer
   */
  public static MillraceException translate(Throwable error, Doing doing, String what, long nanos) {
    Throwable cause = cause(error);
    if (cause instanceof MillraceException known) {
      return known;
    }
    if (cause instanceof InterruptedException || cause instanceof InterruptException) {
      return new MillraceException(StandardError.CANCELLED, what + ": interrupted", cause);
    }
    String seconds = " for " + Math.max(1, nanos / 1_000_000_000L) + " s";
    if (cause instanceof TimeoutException || cause instanceof DisconnectException) {
      return error(
          StandardError.CONNECT,
          what + ": no answer" + seconds + "; check 'server' and that its brokers run",
          cause);
    }
    if (cause instanceof TransactionAbortableException) {
      // What the client makes of a request that it gave up: the next try begins anew.
      return error(doing.passing, what + ": the transaction was given up: " + root(cause), cause);
    }
    if (cause instanceof SslAuthenticationException) {
      return error(
          StandardError.CONNECT,
          what
              + ": TLS failed ("
              + root(cause)
              + "); check 'securityProtocol', 'trustStore', the brokers' names and, where they ask"
              + " clients for a certificate, 'keyStore'",
          cause);
    }
    if (cause instanceof IllegalSaslStateException) {
      return error(
          StandardError.CONFIGURATION,
          what
              + ": the listener asks for no account; set 'securityProtocol' to PLAINTEXT or SSL and"
              + " leave 'username' and 'password' out, or give the port of its listener for accounts"
              + " in 'server'",
          cause);
    }
    if (cause instanceof UnsupportedSaslMechanismException) {
      return error(
          StandardError.CONFIGURATION,
          what + ": the listener does not have this 'saslMechanism': " + message(cause),
          cause);
    }
    if (cause instanceof AuthenticationException) {
      return error(
          StandardError.ACCESS_DENIED,
          what
              + ": the account was refused ("
              + message(cause)
              + "); check 'username', 'password' and 'saslMechanism'",
          cause);
    }
    if (cause instanceof AuthorizationException) {
      return error(doing.lasting, what + ": " + denied(cause, doing), cause);
    }
    if (cause instanceof UnknownTopicOrPartitionException
        || cause instanceof InvalidTopicException) {
      return error(doing.lasting, what + ": there is no such topic; check 'topic'", cause);
    }
    if (cause instanceof UnknownMemberIdException) {
      return error(
          doing.lasting,
          what
              + ": others consume with this group at the moment; use a 'groupId' of the task's own",
          cause);
    }
    if (cause instanceof RecordTooLargeException) {
      // By what the topic's settings say it would not have been sent.
      return error(
          doing.lasting,
          what
              + ": a message was refused for its size, though the settings that are told allow it"
              + " ("
              + message(cause)
              + "); grant the account DescribeConfigs on the topic, so that"
              + " such messages are told from others before they are sent",
          cause);
    }
    if (cause instanceof InvalidTxnTimeoutException) {
      return error(
          doing.lasting,
          what
              + ": the brokers allow no transaction of this length; lower 'transactionTimeout' or"
              + " raise their transaction.max.timeout.ms",
          cause);
    }
    if (cause instanceof UnsupportedVersionException) {
      return error(
          doing.lasting, what + ": the brokers are too old for this: " + message(cause), cause);
    }
    if (cause instanceof ConfigException && message(cause).contains("bootstrap")) {
      return error(
          StandardError.CONFIGURATION, what + ": " + message(cause) + "; check 'server'", cause);
    }
    if (cause instanceof ConfigException) {
      return error(
          StandardError.CONFIGURATION, what + ": option 'kafkaConfig': " + message(cause), cause);
    }
    if (error instanceof KafkaException && String.valueOf(error.getMessage()).matches(NOT_MADE)) {
      return error(
          StandardError.CONFIGURATION,
          what
              + ": Kafka's client cannot be made ("
              + root(cause)
              + "); check the account ('username' and 'password', or 'saslJaasConfig'),"
              + " 'saslMechanism' and 'kafkaConfig'",
          cause);
    }
    return error(other(cause, doing), what + ": " + root(cause), cause);
  }

  private static ErrorCode other(Throwable cause, Doing doing) {
    if (cause instanceof RetriableException) {
      return doing.passing;
    }
    if (cause instanceof ApiException) {
      return doing.lasting;
    }
    return cause instanceof KafkaException ? doing.passing : StandardError.INTERNAL;
  }

  private static String denied(Throwable cause, Doing doing) {
    String right = doing == Doing.READING ? "Read and Describe" : "Write and Describe";
    if (cause instanceof TopicAuthorizationException topics) {
      String which = String.join(", ", topics.unauthorizedTopics());
      return "the account may not use "
          + (which.isEmpty() ? "it" : "topic " + which)
          + "; grant it "
          + right
          + " on the topic";
    }
    if (cause instanceof GroupAuthorizationException group) {
      return "the account may not use the consumer group '"
          + group.groupId()
          + "'; grant it Read on the group";
    }
    if (cause instanceof TransactionalIdAuthorizationException) {
      return "the account may not use transactions; grant it Write and Describe on transactional"
          + " ids with the prefix";
    }
    return "the account may not do this ("
        + message(cause)
        + "); grant it the right, see docs/kafka.md";
  }

  private static MillraceException error(ErrorCode code, String message, Throwable cause) {
    return new MillraceException(code, message, cause);
  }

  /** The error behind the wrappers. */
  public static Throwable cause(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null
        && (cause instanceof ExecutionException
            || cause instanceof CompletionException
            || cause.getClass() == KafkaException.class)) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** True when the error, or what is behind it, is of this kind. */
  public static boolean is(Throwable error, Class<? extends Throwable> kind) {
    for (Throwable each = error; each != null; each = each.getCause()) {
      if (kind.isInstance(each)) {
        return true;
      }
    }
    return false;
  }

  /** What is behind an error in the end, in one line. */
  static String root(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return message(root);
  }

  /** The error's own message in one line. */
  public static String message(Throwable error) {
    String text = error.getMessage();
    return text == null || text.isBlank()
        ? error.getClass().getSimpleName()
        : Sensitive.mark(text.replaceAll("\\s*\\R\\s*", " ").strip());
  }
}
