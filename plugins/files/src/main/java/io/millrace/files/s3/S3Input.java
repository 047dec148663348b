package io.millrace.files.s3;

import io.millrace.api.Cancellation;
import io.millrace.files.store.BrokenConnection;
import io.millrace.files.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** A range of an object. A connection that breaks is replaced, from the byte that was read last. */
final class S3Input extends InputStream {

  private final S3Store store;
  private final StoredFile file;
  private final long to;
  private final Cancellation cancellation;
  private long position;
  private @Nullable ResponseInputStream<GetObjectResponse> in;
  private Cancellation.@Nullable Registration registration;
  private int failures;

  S3Input(S3Store store, StoredFile file, long from, long to, Cancellation cancellation) {
    this.store = store;
    this.file = file;
    this.position = from;
    this.to = to;
    this.cancellation = cancellation;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (position < to) {
      cancellation.throwIfCancelled();
      try {
        int read = stream().read(into, offset, (int) Math.min(length, to - position));
        if (read > 0) {
          position += read;
          failures = 0;
          return read;
        }
        drop();
        failed(new IOException("the answer ended " + (to - position) + " bytes too early"));
      } catch (SdkException e) {
        drop();
        failed(new IOException(e.getMessage(), e));
      } catch (IOException e) {
        drop();
        failed(e);
      }
    }
    drop();
    return -1;
  }

  /** Counts failures without a byte between them. */
  private void failed(IOException e) throws IOException {
    cancellation.throwIfCancelled();
    if (++failures > store.options().retries()) {
      throw new BrokenConnection(
          "the connection broke at byte " + position + ": " + e.getMessage(), e);
    }
  }

  private InputStream stream() {
    ResponseInputStream<GetObjectResponse> current = in;
    if (current == null) {
      current = store.get(file, position, to, cancellation);
      in = current;
      registration = cancellation.onCancel(current::abort);
    }
    return current;
  }

  private void drop() {
    ResponseInputStream<GetObjectResponse> current = in;
    Cancellation.Registration registered = registration;
    in = null;
    registration = null;
    if (registered != null) {
      registered.close();
    }
    if (current != null) {
      if (position >= to) {
        try {
          current.close(); // read to its end, so the connection can be used again
          return;
        } catch (IOException | SdkException e) {
          current.abort();
          return;
        }
      }
      current.abort();
    }
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, to - position);
  }

  @Override
  public void close() {
    drop();
  }
}
