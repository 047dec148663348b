package io.millrace.mysql.write;

import io.millrace.api.TaskContext;
import io.millrace.api.option.Options;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.testkit.server.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Drives a writer as the engine does, one call after another. */
final class WriterHarness {

  final TestServer server;
  final String database;
  final Map<String, Object> options = new HashMap<>();
  ZoneId zone = ZoneId.of("America/Sao_Paulo");
  Clock clock = Clock.systemUTC();
  String task = "test";
  TaskContext.Rules rules = TaskContext.Rules.OWN;
  String instance = UUID.randomUUID().toString();

  WriterHarness(TestServer server, String database) {
    this.server = server;
    this.database = database;
    options.put("jdbcUrl", server.jdbcUrl(database) + "?allowPublicKeyRetrieval=true");
    options.put("username", server.user());
    options.put("password", server.password());
  }

  WriterHarness with(String key, Object value) {
    options.put(key, value);
    return this;
  }

  TaskContext task() {
    return new TaskContext(task, zone, clock, TaskContext.Limits.DEFAULT, rules);
  }

  Writer writer() {
    MySqlWriterFactory factory = new MySqlWriterFactory();
    Options.Checked checked = Options.check(factory.options(), options);
    if (!checked.problems().isEmpty() || !checked.unknown().isEmpty()) {
      throw new IllegalArgumentException(checked.problems() + " " + checked.unknown());
    }
    return factory.create(checked.options(), task());
  }

  RecordingContext context() {
    return new RecordingContext(task(), 0);
  }

  WritePlan plan(long epoch, Schema source) {
    return new WritePlan(instance, 1, epoch, source);
  }

  static RecordBatch batch(Schema schema, Object[]... rows) {
    RecordBatch batch = new RecordBatch(schema, 1 << 20, 1 << 20);
    for (int i = 0; i < rows.length; i++) {
      RecordView.append(batch, i, rows[i]);
    }
    return batch;
  }

  /** What one whole run gave. */
  record Run(long written, long skipped, RecordingContext context, WriteState state) {
    List<RecordingContext.Dirty> dirty() {
      return context.dirty;
    }
  }

  /** All stages for one split per batch. */
  Run run(RecordBatch... batches) {
    Schema schema = batches[0].schema();
    RecordingContext context = context();
    long written = 0;
    long skipped = 0;
    try (Writer writer = writer()) {
      writer.check(schema, context);
      WriteState state = writer.prepare(plan(1, schema), context);
      List<SplitCommit> commits = new ArrayList<>();
      for (int i = 0; i < batches.length; i++) {
        int dirtyBefore = context.dirty.size();
        try (SplitWriter split = writer.open(state, "s" + i, context)) {
          long taken = split.write(batches[i]);
          written += taken;
          long dirty = context.dirty.size() - dirtyBefore;
          SplitTally tally = new SplitTally(batches[i].size(), taken, dirty, 0, "");
          if (tally.skipped() != split.skipped()) {
            throw new AssertionError(tally + " and " + split.skipped() + " skipped");
          }
          skipped += split.skipped();
          commits.add(split.commit(tally));
        }
      }
      writer.publish(state, commits, context);
      writer.forget(state, context);
      return new Run(written, skipped, context, state);
    }
  }

  void execute(String... statements) throws SQLException {
    server.execute(database, statements);
  }

  /** The rows of a query with their values in hexadecimal, so that no driver's view counts. */
  List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      int count = row.getMetaData().getColumnCount();
      while (row.next()) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= count; i++) {
          text.append(i == 1 ? "" : "|").append(row.getString(i));
        }
        rows.add(text.toString());
      }
    }
    return rows;
  }

  String one(String sql) throws SQLException {
    List<String> rows = rows(sql);
    return rows.size() == 1 ? rows.get(0) : rows.toString();
  }
}
