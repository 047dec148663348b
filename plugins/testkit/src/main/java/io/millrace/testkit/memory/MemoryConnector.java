package io.millrace.testkit.memory;

import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Writer;
import io.millrace.api.write.WriterFactory;
import io.millrace.testkit.sample.Sample;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tables in memory, to read from and to write to. Made by a test, which keeps the tables; so it is
 * not found as a service.
 *
 * <pre>{@code
 * MemoryConnector memory = new MemoryConnector();
 * MemoryTable source = memory.table("source", sample);
 * MemoryTable target = memory.table("target", sample.schema());
 * source.faults().failReadAt(500, 2);
 * }</pre>
 */
public final class MemoryConnector implements Connector {

  /** The name of a table that the test has made. */
  public static final ConfigOption<String> TABLE =
      ConfigOption.string("table", "The table's name.").mandatory();

  /** How a source is cut. */
  public static final ConfigOption<Long> SPLIT_RECORDS =
      ConfigOption.integer("splitRecords", 1, Integer.MAX_VALUE, "Records of a split.")
          .withDefault(100L);

  /** When records become visible. */
  public static final ConfigOption<Publish> PUBLISH =
      ConfigOption.choice(
              "publish",
              Publish.class,
              "direct: with the commit of their split; staged: all in stage 4.")
          .withDefault(Publish.DIRECT);

  /** What the target promises. */
  public static final ConfigOption<Boolean> LEDGER =
      ConfigOption.bool("ledger", "Keep a ledger; without one it promises at least once.")
          .withDefault(true);

  /** When records become visible. */
  public enum Publish {
    DIRECT,
    STAGED
  }

  private final String name;
  private final Map<String, MemoryTable> tables = new ConcurrentHashMap<>();

  /** A connector called {@code memory}. */
  public MemoryConnector() {
    this("memory");
  }

  /** A connector with a name of one's own, where a test needs two. */
  public MemoryConnector(String name) {
    this.name = name;
  }

  /** An empty table. */
  public MemoryTable table(String name, Schema schema) {
    MemoryTable table = new MemoryTable(name, schema);
    if (tables.putIfAbsent(name, table) != null) {
      throw new IllegalArgumentException("table " + name + " is there already");
    }
    return table;
  }

  /** A table that holds these records. */
  public MemoryTable table(String name, Sample sample) {
    MemoryTable table = table(name, sample.schema());
    table.append(sample.batch());
    return table;
  }

  @Override
  public ConnectorInfo info() {
    return new ConnectorInfo(name, List.of(), "Tables in memory, for tests.");
  }

  @Override
  public Optional<ReaderFactory> reader() {
    return Optional.of(
        new ReaderFactory() {
          @Override
          public List<ConfigOption<?>> options() {
            return List.of(TABLE, SPLIT_RECORDS);
          }

          @Override
          public Reader create(Options options, TaskContext context) {
            return new MemoryReader(
                () -> find(options.get(TABLE), StandardError.READ_REFUSED),
                Math.toIntExact(options.get(SPLIT_RECORDS)));
          }
        });
  }

  @Override
  public Optional<WriterFactory> writer() {
    return Optional.of(
        new WriterFactory() {
          @Override
          public List<ConfigOption<?>> options() {
            return List.of(TABLE, PUBLISH, LEDGER);
          }

          @Override
          public Writer create(Options options, TaskContext context) {
            return new MemoryWriter(
                () -> find(options.get(TABLE), StandardError.WRITE_REFUSED),
                options.get(PUBLISH) == Publish.STAGED,
                options.get(LEDGER));
          }
        });
  }

  private MemoryTable find(String name, StandardError error) {
    MemoryTable table = tables.get(name);
    if (table == null) {
      throw new MillraceException(
          error, "no table '" + name + "' in memory; there are " + tables.keySet());
    }
    return table;
  }
}
