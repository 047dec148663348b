package io.millrace.loghub.connect;

import com.aliyun.openservices.log.http.client.ClientConfiguration;
import com.aliyun.openservices.log.http.comm.DefaultServiceClient;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * The client's own transport, but one that checks the server's certificate and name, which the
 * client's does not, and that can be closed while it is in use.
 */
final class CheckedTransport extends DefaultServiceClient {

  CheckedTransport(ClientConfiguration configuration) {
    super(configuration);
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
    connectionManager.close(CloseMode.IMMEDIATE);
  }
}
