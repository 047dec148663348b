package io.millrace.files.s3;

import io.millrace.api.Cancellation;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Ends requests that wait when the attempt is cancelled: their connections are closed. Which
 * cancellation belongs to a request is told by the thread that makes it.
 */
final class CancellableHttp implements SdkHttpClient {

  private final SdkHttpClient client;
  private final ThreadLocal<@Nullable Cancellation> current = new ThreadLocal<>();

  CancellableHttp(SdkHttpClient client) {
    this.client = client;
  }

  /** Makes the requests of {@code call} end with a cancellation. */
  <T> T with(Cancellation cancellation, Supplier<T> call) {
    cancellation.throwIfCancelled();
    Cancellation before = current.get();
    current.set(cancellation);
    try {
      return call.get();
    } finally {
      if (before == null) {
        current.remove();
      } else {
        current.set(before);
      }
    }
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    ExecutableHttpRequest prepared = client.prepareRequest(request);
    Cancellation cancellation = current.get();
    return cancellation == null ? prepared : new Cancellable(prepared, cancellation);
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    client.close();
  }

  private record Cancellable(ExecutableHttpRequest request, Cancellation cancellation)
      implements ExecutableHttpRequest {

    @Override
    public HttpExecuteResponse call() throws IOException {
      // Also before the client's own next try.
      cancellation.throwIfCancelled();
      try (var registration = cancellation.onCancel(request::abort)) {
        return request.call();
      }
    }

    @Override
    public void abort() {
      request.abort();
    }
  }
}
