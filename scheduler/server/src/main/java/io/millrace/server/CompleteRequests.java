package io.millrace.server;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Gives a request a thread only when its body is there. One with a large body gets it before, and
 * is bounded where the body is read: kept here, the bodies of strangers would fill the memory. So
 * does one that is slow for longer than a body may take.
 */
final class CompleteRequests extends Handler.Wrapper {

  /** The most bytes that are kept for a request. */
  static final int KEPT_BYTES = 16 << 10;

  private static final long KEPT_NANOS = 30_000_000_000L;

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    boolean chunked = request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    boolean comes = chunked || request.getLength() > 0;
    // Who waits to be asked is not asked before it is known who that is.
    if (!comes
        || request.getLength() > KEPT_BYTES
        || request.getHeaders().contains(HttpHeader.EXPECT)) {
      return super.handle(request, response, callback);
    }
    Coming coming = new Coming(request);
    if (coming.isComplete()) {
      return super.handle(coming, response, callback);
    }
    request.demand(() -> goOn(coming, response, callback));
    return true;
  }

  private void goOn(Coming coming, Response response, Callback callback) {
    if (coming.isComplete()) {
      coming.getContext().execute(() -> answer(coming, response, callback));
    } else {
      coming.getWrapped().demand(() -> goOn(coming, response, callback));
    }
  }

  private void answer(Request request, Response response, Callback callback) {
    try {
      if (!super.handle(request, response, callback)) {
        Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
      }
    } catch (Exception | LinkageError e) {
      Response.writeError(request, response, callback, e);
    }
  }

  /** A request with what has come of its body. The bytes are copied, to give the buffers back. */
  private static final class Coming extends Request.Wrapper {
    private final ByteBuffer kept = ByteBuffer.allocate(KEPT_BYTES);
    private final long since = System.nanoTime();
    private Content.@Nullable Chunk last;
    private boolean handedOver;

    Coming(Request request) {
      super(request);
    }

    /** Takes what is there; true when no more is to be waited for. */
    boolean isComplete() {
      while (kept.hasRemaining() && System.nanoTime() - since < KEPT_NANOS) {
        Content.Chunk chunk = getWrapped().read();
        if (chunk == null) {
          return false;
        }
        if (Content.Chunk.isFailure(chunk) || chunk.remaining() > kept.remaining()) {
          last = chunk;
          return true;
        }
        kept.put(chunk.getByteBuffer());
        chunk.release();
        if (chunk.isLast()) {
          last = Content.Chunk.EOF;
          return true;
        }
      }
      return true;
    }

    @Override
    public Content.@Nullable Chunk read() {
      if (!handedOver) {
        handedOver = true;
        kept.flip();
        if (kept.hasRemaining()) {
          return Content.Chunk.from(kept, false);
        }
      }
      Content.Chunk next = last;
      if (next == null) {
        return super.read();
      }
      last = next == Content.Chunk.EOF ? next : null;
      return next;
    }

    @Override
    public void demand(Runnable arrived) {
      if (handedOver && last == null) {
        super.demand(arrived);
      } else {
        // There is something already.
        getContext().execute(arrived);
      }
    }
  }
}
