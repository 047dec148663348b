package io.millrace.server.source;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.write.WriterFactory;
import io.millrace.engine.attempt.SourceLook;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.Secrets;
import io.millrace.engine.task.SourceSpec;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.problem.ProblemKind;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at sources on threads of their own, so that a source that does not answer keeps no thread
 * of the server's: whoever waits is told when the time is over, and the look is cancelled. One that
 * does not even answer to that keeps its place among those at once until it does. Safe for use by
 * several threads.
 */
public final class SourceLooks implements AutoCloseable {

  private final Connectors connectors;
  private final Clock clock;
  private final Limits limits;
  private final Set<Look> running = new HashSet<>();
  private boolean closed;

  /**
   * What looks may take.
   *
   * @param atOnce the most at a time; more are refused
   * @param time the longest that somebody waits
   * @param characters above so many a value is cut
   * @param allCharacters a look ends once its values have so many together
   * @param valueBytes a larger value is not read at all
   */
  public record Limits(
      int atOnce, Duration time, int characters, long allCharacters, int valueBytes) {

    /** Four for half a minute, with at most 16 MB in each value. */
    public static final Limits DEFAULT =
        new Limits(4, Duration.ofSeconds(30), 1_000, 2_000_000, 16 << 20);
  }

  public SourceLooks(Connectors connectors, Limits limits, Clock clock) {
    this.connectors = connectors;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * Looks at a source.
   *
   * @param records how many to read; 0 for the columns alone
   * @throws ProblemException 429 when there are too many looks, 503 when the time is over
   * @throws MillraceException in one line without secrets, when the source cannot be read
   */
  public SourceLook.Seen look(SourceSpec source, int records) {
    Look look = new Look(source, records);
    synchronized (this) {
      if (closed) {
        throw new ProblemException(ProblemKind.UNAVAILABLE, "the server stops");
      }
      if (running.size() >= limits.atOnce()) {
        throw ProblemException.tooMany(
            "there are " + running.size() + " looks at sources already; try again shortly", 5);
      }
      running.add(look);
    }
    return look.await();
  }

  /** How many run. */
  public synchronized int running() {
    return running.size();
  }

  /** Every secret that a source's options hold, as far as its connector is known. */
  public Secrets secrets(SourceSpec source) {
    try {
      return source
          .secrets()
          .collect(
              source.reader(),
              connectors
                  .find(source.reader().connector())
                  .flatMap(connector -> connector.reader())
                  .map(ReaderFactory::options)
                  .orElse(List.of()));
    } catch (MillraceException e) {
      // The look itself comes to the same error and tells it.
      return source.secrets();
    }
  }

  /** What a connector declares for both of its ends; empty when it is not known. */
  public List<ConfigOption<?>> declared(String connector) {
    try {
      return connectors.find(connector).stream()
          .flatMap(
              found ->
                  Stream.concat(
                      found.reader().stream().map(ReaderFactory::options),
                      found.writer().stream().map(WriterFactory::options)))
          .<ConfigOption<?>>flatMap(List::stream)
          .toList();
    } catch (MillraceException e) {
      // It cannot be loaded: nothing is known of it.
      return List.of();
    }
  }

  /** Cancels all, and lets no more begin. */
  @Override
  public void close() {
    List<Look> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(running);
    }
    left.forEach(look -> look.cancel("the server stops"));
  }

  private synchronized void ended(Look look) {
    running.remove(look);
  }

  /** One look. Used once. */
  private final class Look {
    private final SourceSpec source;
    private final int records;
    private final CompletableFuture<SourceLook.Seen> seen = new CompletableFuture<>();
    private @Nullable SourceLook open;
    private @Nullable String cancelled;

    Look(SourceSpec source, int records) {
      this.source = source;
      this.records = records;
    }

    SourceLook.Seen await() {
      Thread thread = new Thread(this::run, "millrace-look");
      thread.setDaemon(true);
      try {
        thread.start();
      } catch (OutOfMemoryError e) {
        ended(this);
        throw new MillraceException(
            StandardError.RESOURCE, "the system gives no more threads: raise its limit", e);
      }
      try {
        return seen.get(limits.time().toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        cancel("nobody waits any more");
        throw new ProblemException(
            ProblemKind.UNAVAILABLE,
            "the source gave no answer within "
                + limits.time().toSeconds()
                + " s; nothing was changed. Narrow what is read, or see whether it is reachable");
      } catch (InterruptedException e) {
        cancel("the server stops");
        Thread.currentThread().interrupt();
        throw new ProblemException(ProblemKind.UNAVAILABLE, "the server stops");
      } catch (ExecutionException e) {
        throw e.getCause() instanceof MillraceException known ? known : unexpected(e.getCause());
      }
    }

    private void run() {
      try (SourceLook look = open()) {
        seen.complete(clean(records == 0 ? look.columns() : look.records()));
      } catch (MillraceException e) {
        // Without its cause, whose message is another's and may hold anything.
        seen.completeExceptionally(
            new MillraceException(e.errorCode(), secrets(source).redact(e.getMessage())));
      } catch (Throwable e) {
        seen.completeExceptionally(unexpected(e));
      } finally {
        ended(this);
      }
    }

    private SourceLook open() {
      SourceLook made =
          SourceLook.of(
              source,
              connectors,
              new SourceLook.Bounds(
                  records, limits.characters(), limits.allCharacters(), limits.valueBytes()),
              clock);
      synchronized (this) {
        open = made;
        if (cancelled != null) {
          made.cancel(cancelled);
        }
      }
      return made;
    }

    /** What the connector says is text of others, as an error's message is. */
    private SourceLook.Seen clean(SourceLook.Seen found) {
      Secrets secrets = secrets(source);
      return new SourceLook.Seen(
          found.columns(),
          found.records(),
          found.cut(),
          found.dirty().stream().map(secrets::redact).toList(),
          found.notes().stream().map(secrets::redact).toList());
    }

    private void cancel(String reason) {
      SourceLook look;
      synchronized (this) {
        if (cancelled == null) {
          cancelled = reason;
        }
        look = open;
      }
      if (look != null) {
        look.cancel(reason);
      }
    }

    /** Where it happened is ours to know; its message may hold anything. */
    private static MillraceException unexpected(Throwable e) {
      MillraceException told =
          new MillraceException(StandardError.INTERNAL, "unexpected: " + e.getClass().getName());
      told.setStackTrace(e.getStackTrace());
      return told;
    }
  }
}
