package io.millrace.loghub.connect;

import com.aliyun.openservices.log.http.client.ClientConfiguration;
import com.aliyun.openservices.log.http.comm.DefaultServiceClient;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * The client's own transport, but one that checks the server's certificate and name, which the
 * client's does not, and that can be closed while it is in use. Safe for use by several threads.
 */
final class CheckedTransport extends DefaultServiceClient {

  /** What each thread has sent last; closing the pool alone would miss one that just connects. */
  private final Map<Thread, Cancellable> running = new ConcurrentHashMap<>();

  private volatile boolean closed;

  CheckedTransport(ClientConfiguration configuration) {
    super(configuration);
    // The superclass makes one before this class has its fields.
    this.httpClient =
        HttpClients.custom()
            .setConnectionManager(connectionManager)
            .disableContentCompression()
            .disableAutomaticRetries()
            .addExecInterceptorFirst("cancellable", this::execute)
            .build();
  }

  private ClassicHttpResponse execute(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    if (scope.originalRequest instanceof Cancellable cancellable) {
      running.put(Thread.currentThread(), cancellable);
    }
    if (closed) {
      throw new IOException("the connection was closed");
    }
    return chain.proceed(request, scope);
  }

  /** The calling thread has read its answer to the end. */
  void done() {
    running.remove(Thread.currentThread());
  }

  @Override
  protected CloseableHttpClient createHttpClient(
      PoolingHttpClientConnectionManager manager, ClientConfiguration configuration) {
    return HttpClients.createMinimal(manager);
  }

  @Override
  protected PoolingHttpClientConnectionManager createHttpClientConnectionManager() {
    Timeout answer = Timeout.ofMilliseconds(config.getSocketTimeout());
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setMaxConnPerRoute(config.getMaxConnections())
        .setMaxConnTotal(config.getMaxConnections())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(Timeout.ofMilliseconds(config.getConnectionTimeout()))
                .setValidateAfterInactivity(Timeout.ofSeconds(1))
                .build())
        .setDefaultSocketConfig(
            SocketConfig.custom().setSoTimeout(answer).setTcpNoDelay(true).build())
        .build();
  }

  /** Ends what waits for an answer, too. */
  @Override
  public void shutdown() {
    closed = true;
    running.values().forEach(Cancellable::cancel);
    connectionManager.close(CloseMode.IMMEDIATE);
  }
}
