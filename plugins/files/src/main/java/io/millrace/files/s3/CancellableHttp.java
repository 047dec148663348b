package io.millrace.files.s3;

import io.millrace.api.Cancellation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Ends requests that wait when the attempt is cancelled: their connections are closed. Which
 * cancellation belongs to a request is told by the thread that makes it. Takes no answer that ends
 * before its time: the client below takes one that is cut off for a shorter one, and a listing
 * without a body for one of nothing.
 */
final class CancellableHttp implements SdkHttpClient {

  /** Many times a page of a listing, or a control record. */
  private static final int MOST_BYTES = 64 << 20;

  /** Kept of an answer, for the message of one that nobody can understand. */
  private static final int KEPT_BYTES = 4 << 10;

  private final SdkHttpClient client;
  private final ThreadLocal<@Nullable Cancellation> current = new ThreadLocal<>();

  /** The beginning of the last answer that the thread's call has read whole. */
  private final ThreadLocal<byte @Nullable []> answered = new ThreadLocal<>();

  CancellableHttp(SdkHttpClient client) {
    this.client = client;
  }

  /** Makes the requests of {@code call} end with a cancellation. */
  <T> T with(Cancellation cancellation, Supplier<T> call) {
    cancellation.throwIfCancelled();
    Cancellation before = current.get();
    current.set(cancellation);
    answered.remove();
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

  /**
   * The first bytes of the last answer in this thread's last call, or null: without one, and where
   * its body was not read here.
   */
  byte @Nullable [] answered() {
    return answered.get();
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    ExecutableHttpRequest prepared = client.prepareRequest(request);
    Cancellation cancellation = current.get();
    if (cancellation == null) {
      return prepared;
    }
    SdkHttpRequest asked = request.httpRequest();
    // A range is read as it comes, by one who counts its bytes.
    boolean streamed = asked.firstMatchingHeader("Range").isPresent();
    boolean bodiless = asked.method() == SdkHttpMethod.HEAD;
    return new Cancellable(prepared, cancellation, !streamed && !bodiless);
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    client.close();
  }

  private final class Cancellable implements ExecutableHttpRequest {

    private final ExecutableHttpRequest request;
    private final Cancellation cancellation;
    private final boolean whole;

    Cancellable(ExecutableHttpRequest request, Cancellation cancellation, boolean whole) {
      this.request = request;
      this.cancellation = cancellation;
      this.whole = whole;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      // Also before the client's own next try.
      cancellation.throwIfCancelled();
      try (var registration = cancellation.onCancel(request::abort)) {
        answered.remove();
        HttpExecuteResponse answer = request.call();
        return whole ? readWhole(answer) : answer;
      }
    }

    @Override
    public void abort() {
      request.abort();
    }
  }

  /** Reads the body here, where a connection that breaks makes the client try again. */
  private HttpExecuteResponse readWhole(HttpExecuteResponse answer) throws IOException {
    AbortableInputStream body = answer.responseBody().orElse(null);
    if (body == null) {
      return answer;
    }
    byte[] bytes;
    try (body) {
      bytes = body.readNBytes(MOST_BYTES);
      if (bytes.length == MOST_BYTES) {
        body.abort();
        throw new IOException("the answer is longer than " + MOST_BYTES + " bytes");
      }
    }
    String told = answer.httpResponse().firstMatchingHeader("Content-Length").orElse("");
    if (!told.isEmpty() && !told.equals(String.valueOf(bytes.length))) {
      throw new IOException("the answer ended after " + bytes.length + " of " + told + " bytes");
    }
    answered.set(Arrays.copyOf(bytes, Math.min(bytes.length, KEPT_BYTES)));
    return HttpExecuteResponse.builder()
        .response(answer.httpResponse())
        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(bytes)))
        .build();
  }
}
