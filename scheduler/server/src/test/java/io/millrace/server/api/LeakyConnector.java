package io.millrace.server.api;

import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import io.millrace.api.DirtyRecords;
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
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads rows whose every value is a marker, and says them wherever a connector may say one. */
final class LeakyConnector implements Connector {

  /** What every value, bound and statement of a run has in it. */
  static final String MARKER = "Zmarker";

  static final Schema SCHEMA = Schema.of(Field.of("name", ColumnType.STRING));

  private static final ConfigOption<String> WHERE =
      ConfigOption.string("where", "A condition.").withDefault("");
  private static final ConfigOption<String> PRE_SQL =
      ConfigOption.string("preSql", "A statement.").withDefault("");
  private static final ConfigOption<String> TABLE =
      ConfigOption.string("table", "The table.").withDefault("t");
  private static final ConfigOption<String> HOST =
      ConfigOption.string("host", "The host.").withDefault("h");
  private static final ConfigOption<List<String>> COLUMN =
      ConfigOption.strings("column", "The columns.").withDefault(List.of());
  private static final ConfigOption<Long> SIZE =
      ConfigOption.integer("size", 1, 100, "Records.").withDefault(1L);
  private static final ConfigOption<Boolean> BREAKS =
      ConfigOption.bool("breaks", "The server refuses.").withDefault(false);

  @Override
  public ConnectorInfo info() {
    return new ConnectorInfo("leaky", List.of(), "For tests.");
  }

  @Override
  public Optional<ReaderFactory> reader() {
    return Optional.of(
        new ReaderFactory() {
          @Override
          public List<ConfigOption<?>> options() {
            return List.of(WHERE, PRE_SQL, TABLE, HOST, COLUMN, SIZE, BREAKS);
          }

          @Override
          public Reader create(Options options, TaskContext context) {
            return new LeakyReader(options.get(WHERE), options.get(BREAKS));
          }
        });
  }

  private record LeakyReader(String where, boolean breaks) implements Reader {

    @Override
    public Schema schema(StageContext context) {
      return SCHEMA;
    }

    @Override
    public SplitPlan split(SplitRequest request, StageContext context) {
      context.log().info("SELECT MIN(name) WHERE " + Sensitive.mark(where));
      context.log().warn("the bound " + Sensitive.mark(MARKER + "-bound") + " is no number");
      return new SplitPlan(
          List.of(
              new Split(
                  "1",
                  1,
                  Map.of("from", MARKER),
                  "name from " + Sensitive.mark(MARKER + "-from"),
                  1)),
          1,
          "by name, from " + Sensitive.mark(MARKER));
    }

    @Override
    public SplitReader open(Split split, ReadContext context) {
      if (breaks) {
        throw new MillraceException(
            StandardError.READ_REFUSED,
            "the server refuses: " + Sensitive.mark("bad value '" + MARKER + "-server'"));
      }
      return new SplitReader() {
        @Override
        public boolean read(RecordBatch into) {
          ((BytesColumn) into.column(0)).append(value("row"));
          into.endRecord(0);
          context
              .dirty()
              .add(
                  1,
                  List.of(new DirtyRecords.RawValue("text", 3, MARKER + "-raw\u2069")),
                  new DirtyRecords.Reason(
                      "NO_NUMBER",
                      "the value '" + Sensitive.mark(MARKER + "-dirty") + "' is no number",
                      "name"));
          return false;
        }

        @Override
        public void close() {}
      };
    }

    private static byte[] value(String name) {
      return (MARKER + "-" + name).getBytes(StandardCharsets.UTF_8);
    }
  }
}
