package io.millrace.server.source;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.write.WriterFactory;
import io.millrace.engine.attempt.ConnectionTrial;
import io.millrace.engine.attempt.SourceLook;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.connector.InstalledDeclarations;
import io.millrace.engine.task.ConnectorSpec;
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
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at sources, and tests connections, on threads of their own, so that a source that does not
 * answer keeps no thread of the server's: whoever waits is told when the time is over, and the look
 * is cancelled. One that does not even answer to that keeps its place among those at once until it
 * does. Safe for use by several threads.
 */
public final class SourceLooks implements AutoCloseable {

  private final Connectors connectors;
  private final Clock clock;
  private final Limits limits;
  private final Set<Look<?>> running = new HashSet<>();
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
    return new Look<>(
            () -> open(source, records),
            () -> secrets(source),
            () ->
                new ProblemException(
                    ProblemKind.UNAVAILABLE,
                    noAnswer("the source")
                        + "; nothing was changed. Narrow what is read, or see whether it is"
                        + " reachable"))
        .await();
  }

  /** True when the connector of a data source is here and has no connection test. */
  public boolean cannotTest(String connector) {
    try {
      return connectors
          .find(connector)
          .filter(found -> found.connectionTest().isEmpty())
          .isPresent();
    } catch (MillraceException e) {
      // It cannot be loaded, which the test comes to as well and tells.
      return false;
    }
  }

  /**
   * Tests the connection of a data source.
   *
   * @param name of the data source, for messages
   * @param source its type and its options, secrets included
   * @return what answered, in one line without secrets
   * @throws ProblemException 429 when there are too many looks
   * @throws MillraceException in one line without secrets, why a task could not connect
   */
  public String test(String name, ConnectorSpec source) {
    return new Look<>(
            () -> open(name, source),
            () -> secrets(source),
            () ->
                new MillraceException(
                    StandardError.CONNECT,
                    noAnswer("data source '" + name + "'")
                        + "; check its address, and that it can be reached from the server"))
        .await();
  }

  private String noAnswer(String who) {
    return who + " gave no answer within " + limits.time().toSeconds() + " s";
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

  /** Every secret that a data source holds, as far as its connector is known. */
  private Secrets secrets(ConnectorSpec source) {
    return Secrets.NONE.collect(
        source, new InstalledDeclarations(connectors).rules(source.connector()));
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
    List<Look<?>> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(running);
    }
    left.forEach(look -> look.cancel("the server stops"));
  }

  private synchronized void begin(Look<?> look) {
    if (closed) {
      throw new ProblemException(ProblemKind.UNAVAILABLE, "the server stops");
    }
    if (running.size() >= limits.atOnce()) {
      throw ProblemException.tooMany(
          "there are " + running.size() + " looks at sources already; try again shortly", 5);
    }
    running.add(look);
  }

  private synchronized void ended(Look<?> look) {
    running.remove(look);
  }

  /**
   * What was opened to look at something.
   *
   * @param seen blocks until the other end has answered
   * @param cancel unblocks that, from any thread
   * @param end closes it
   */
  private record Opened<T>(Supplier<T> seen, Consumer<String> cancel, Runnable end)
      implements AutoCloseable {
    @Override
    public void close() {
      end.run();
    }
  }

  private Opened<SourceLook.Seen> open(SourceSpec source, int records) {
    SourceLook look =
        SourceLook.of(
            source,
            connectors,
            new SourceLook.Bounds(
                records, limits.characters(), limits.allCharacters(), limits.valueBytes()),
            clock);
    return new Opened<>(
        () -> clean(source, records == 0 ? look.columns() : look.records()),
        look::cancel,
        look::close);
  }

  /** What the connector says is text of others, as an error's message is. */
  private SourceLook.Seen clean(SourceSpec source, SourceLook.Seen found) {
    Secrets secrets = secrets(source);
    return new SourceLook.Seen(
        found.columns(),
        found.records(),
        found.cut(),
        found.dirty().stream().map(secrets::redact).toList(),
        found.notes().stream().map(secrets::redact).toList());
  }

  private Opened<String> open(String name, ConnectorSpec source) {
    ConnectionTrial trial = new ConnectionTrial(name, source, connectors, clock);
    return new Opened<>(
        () -> oneLine(secrets(source).redact(trial.run())), trial::cancel, () -> {});
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** One look. Used once. */
  private final class Look<T> {
    private final Supplier<Opened<T>> opening;
    private final Supplier<Secrets> secrets;
    private final Supplier<RuntimeException> late;
    private final CompletableFuture<T> seen = new CompletableFuture<>();
    private @Nullable Opened<T> open;
    private @Nullable String cancelled;

    /**
     * @param opening makes what looks, on the look's own thread
     * @param secrets that no error may hold
     * @param late what is thrown when the time is over
     */
    Look(Supplier<Opened<T>> opening, Supplier<Secrets> secrets, Supplier<RuntimeException> late) {
      this.opening = opening;
      this.secrets = secrets;
      this.late = late;
    }

    T await() {
      begin(this);
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
        throw late.get();
      } catch (InterruptedException e) {
        cancel("the server stops");
        Thread.currentThread().interrupt();
        throw new ProblemException(ProblemKind.UNAVAILABLE, "the server stops");
      } catch (ExecutionException e) {
        throw e.getCause() instanceof MillraceException known ? known : unexpected(e.getCause());
      }
    }

    private void run() {
      try (Opened<T> look = open()) {
        seen.complete(look.seen().get());
      } catch (MillraceException e) {
        // Without its cause, whose message is another's and may hold anything.
        seen.completeExceptionally(
            new MillraceException(e.errorCode(), secrets.get().redact(e.getMessage())));
      } catch (Throwable e) {
        seen.completeExceptionally(unexpected(e));
      } finally {
        ended(this);
      }
    }

    private Opened<T> open() {
      Opened<T> made = opening.get();
      synchronized (this) {
        open = made;
        if (cancelled != null) {
          made.cancel().accept(cancelled);
        }
      }
      return made;
    }

    private void cancel(String reason) {
      Opened<T> look;
      synchronized (this) {
        if (cancelled == null) {
          cancelled = reason;
        }
        look = open;
      }
      if (look != null) {
        look.cancel().accept(reason);
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
