package io.millrace.kafka.connect;

import io.millrace.api.StageContext;
import io.millrace.kafka.connect.KafkaErrors.Doing;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/** The client for administration of one attempt's end, made when first needed. Thread-safe. */
public final class Clients implements AutoCloseable {

  private final ClientConfig config;
  private final Doing doing;
  private @Nullable Admin admin;

  public Clients(ClientConfig config, Doing doing) {
    this.config = config;
    this.doing = doing;
  }

  /** What may be asked of the cluster. */
  @FunctionalInterface
  public interface Question<T> {
    KafkaFuture<T> of(Admin admin);
  }

  /**
   * Asks the cluster.
   *
   * @param what is asked about; begins an error's message
   */
  public <T> T ask(StageContext context, String what, Question<T> question) {
    return KafkaCalls.call(
        context.cancellation(),
        doing,
        what + " at " + config.server(),
        () -> question.of(admin(context)).get());
  }

  private synchronized Admin admin(StageContext context) {
    Admin known = admin;
    if (known == null) {
      SSLContext tls = config.isSecured() ? Stores.context(config) : null;
      ListenerCheck.require(config.server(), tls, config.mechanism(), context.cancellation());
      known = Admin.create(config.admin());
      admin = known;
    }
    return known;
  }

  /** The properties of clients. */
  public ClientConfig config() {
    return config;
  }

  @Override
  public synchronized void close() {
    Admin known = admin;
    admin = null;
    if (known != null) {
      known.close(Duration.ZERO);
    }
  }
}
