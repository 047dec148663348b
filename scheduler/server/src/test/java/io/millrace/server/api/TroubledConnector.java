package io.millrace.server.api;

import io.millrace.api.ConnectionTest;
import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import io.millrace.api.Sensitive;
import io.millrace.api.StageContext;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.Schema;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Reads nothing: it tells its secret in an error, breaks, or hears nobody. */
final class TroubledConnector implements Connector {

  private static final ConfigOption<String> TROUBLE =
      ConfigOption.string("trouble", "What goes wrong.").mandatory();
  private static final ConfigOption<String> KEY =
      ConfigOption.string("sesame", "A secret whose name does not say so.").asSecret().mandatory();

  /** Lets the deaf ones go on. */
  final CountDownLatch end = new CountDownLatch(1);

  @Override
  public ConnectorInfo info() {
    return new ConnectorInfo("troubled", List.of(), "For tests.");
  }

  @Override
  public Optional<ReaderFactory> reader() {
    return Optional.of(
        new ReaderFactory() {
          @Override
          public List<ConfigOption<?>> options() {
            return List.of(TROUBLE, KEY);
          }

          @Override
          public Reader create(Options options, TaskContext context) {
            return new TroubledReader(options.get(TROUBLE), options.get(KEY));
          }
        });
  }

  @Override
  public Optional<ConnectionTest> connectionTest() {
    return Optional.of(
        new ConnectionTest() {
          @Override
          public List<ConfigOption<?>> options() {
            return List.of(TROUBLE, KEY);
          }

          @Override
          public String test(Options options, StageContext context) {
            if (options.get(TROUBLE).equals("certificate")) {
              return "certificates are kept: " + context.task().certificates().areKept();
            }
            if (options.get(TROUBLE).equals("none")) {
              return "Troubled 1.0\nof " + Sensitive.mark("key " + options.get(KEY));
            }
            new TroubledReader(options.get(TROUBLE), options.get(KEY)).schema(context);
            return "";
          }
        });
  }

  private final class TroubledReader implements Reader {
    private final String trouble;
    private final String key;

    TroubledReader(String trouble, String key) {
      this.trouble = trouble;
      this.key = key;
    }

    @Override
    public Schema schema(StageContext context) {
      switch (trouble) {
        case "refused" ->
            throw new MillraceException(StandardError.CONNECT, "cannot log in with " + key);
        case "broken" -> throw new IllegalStateException("at " + key);
        default -> {
          while (end.getCount() > 0) {
            try {
              end.await();
            } catch (InterruptedException e) {
              // Deaf.
            }
          }
        }
      }
      return Schema.of();
    }

    @Override
    public SplitPlan split(SplitRequest request, StageContext context) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SplitReader open(Split split, ReadContext context) {
      throw new UnsupportedOperationException();
    }
  }
}
