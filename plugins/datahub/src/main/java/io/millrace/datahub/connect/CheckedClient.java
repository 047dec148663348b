package io.millrace.datahub.connect;

import com.aliyun.datahub.client.auth.AliyunAccount;
import com.aliyun.datahub.client.common.DatahubConfig;
import com.aliyun.datahub.client.http.HttpClient;
import com.aliyun.datahub.client.http.HttpConfig;
import com.aliyun.datahub.client.http.interceptor.InterceptorWrapper;
import com.aliyun.datahub.client.impl.DatahubClientPbImpl;
import com.aliyun.datahub.client.impl.interceptor.DatahubAuthInterceptor;
import com.aliyun.datahub.client.impl.interceptor.DatahubResponseInterceptor;
import com.aliyun.datahub.client.impl.request.protobuf.GetRecordsRequestPB;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okhttp3.internal.tls.OkHostnameVerifier;
import org.jspecify.annotations.Nullable;
import retrofit2.Retrofit;

/**
 * The service's own client, but one that checks the server's certificate and name, sends nothing a
 * second time unasked, shares no connection, and can be closed while it is in use. Safe for use by
 * several threads.
 */
final class CheckedClient extends DatahubClientPbImpl {

  /** Beyond any answer the service gives. */
  private static final int MAX_ANSWER_BYTES = 256 << 20;

  private final OkHttpClient http;
  private final Retrofit checked;
  private volatile boolean closed;

  private CheckedClient(
      DataHubSettings settings, AliyunAccount account, DatahubConfig config, HttpConfig transport) {
    super(settings.endpoint(), account, config, transport, null);
    InterceptorWrapper interceptors =
        new InterceptorWrapper()
            .setAuth(new DatahubAuthInterceptor(account, null))
            .setResponse(new DatahubResponseInterceptor(null));
    Retrofit original = HttpClient.createClient(settings.endpoint(), transport, interceptors);
    X509TrustManager trust = trust();
    http =
        ((OkHttpClient) original.callFactory())
            .newBuilder()
            .sslSocketFactory(context(trust).getSocketFactory(), trust)
            .hostnameVerifier(OkHostnameVerifier.INSTANCE)
            .dispatcher(new Dispatcher())
            .connectionPool(new ConnectionPool(4, 1, TimeUnit.MINUTES))
            .retryOnConnectionFailure(false)
            .addInterceptor(this::whole)
            .build();
    checked = original.newBuilder().client(http).build();
  }

  /**
   * Reads an answer to its end while the client still looks after errors: it would throw those of a
   * body that breaks off into the log, with its whole stack.
   */
  private Response whole(Interceptor.Chain chain) throws IOException {
    if (closed) {
      throw new IOException("the connection was closed");
    }
    Response response = chain.proceed(chain.request());
    ResponseBody body = response.body();
    if (body == null) {
      return response;
    }
    try (body) {
      if (body.contentLength() > MAX_ANSWER_BYTES) {
        throw new IOException("an answer of " + body.contentLength() + " bytes");
      }
      return response
          .newBuilder()
          .body(ResponseBody.create(body.contentType(), body.bytes()))
          .build();
    }
  }

  static CheckedClient of(DataHubSettings settings) {
    AliyunAccount account =
        settings.securityToken().isEmpty()
            ? new AliyunAccount(settings.accessId(), settings.accessKey())
            : new AliyunAccount(
                settings.accessId(), settings.accessKey(), settings.securityToken());
    HttpConfig transport =
        new HttpConfig()
            .setReadTimeout(settings.socketTimeoutMillis())
            .setConnTimeout(Math.min(10_000, settings.socketTimeoutMillis()))
            .setMaxRetryCount(1);
    if (!settings.proxyHost().isEmpty()) {
      transport.setProxyUri(settings.proxyHost() + ":" + settings.proxyPort());
    }
    DatahubConfig config = new DatahubConfig(settings.endpoint(), account, true);
    return new CheckedClient(settings, account, config, transport);
  }

  private static X509TrustManager trust() {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      @Nullable KeyStore ofTheJdk = null;
      factory.init(ofTheJdk);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager trust) {
          return trust;
        }
      }
      throw new IllegalStateException("this JDK trusts no certificates");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SSLContext context(X509TrustManager trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected <T> T getService(Class<T> type) {
    return checked.create(type);
  }

  /** Records as they were sent. */
  RawRecords rawRecords(String project, String topic, String shard, GetRecordsRequestPB request) {
    return callWrapper(getService(RawService.class).records(project, topic, shard, request));
  }

  /** Ends what is running, too. */
  void shutDown() {
    closed = true;
    http.dispatcher().cancelAll();
    http.connectionPool().evictAll();
  }
}
