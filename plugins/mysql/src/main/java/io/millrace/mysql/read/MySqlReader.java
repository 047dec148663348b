package io.millrace.mysql.read;

import io.millrace.api.Narrowing;
import io.millrace.api.Sensitive;
import io.millrace.api.StageContext;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Overlap;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.Reader;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.Schema;
import io.millrace.jdbc.JdbcSource;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.connect.MySqlErrors;
import io.millrace.mysql.connect.SessionSetting;
import io.millrace.mysql.connect.SessionSettings;
import io.millrace.mysql.mark.WriteMark;
import io.millrace.mysql.type.TableIdentity;
import io.millrace.mysql.type.TableName;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads tables, views and statements. */
final class MySqlReader implements Reader {

  /** Preparing a statement takes milliseconds; longer means that the server is in trouble. */
  private static final long SLOW_MILLIS = 5_000;

  private final ReaderOptions options;
  private final TaskContext task;
  private final Connections connections;
  private volatile @Nullable Targets targets;

  MySqlReader(ReaderOptions options, TaskContext task) {
    this.options = options;
    this.task = task;
    SessionSettings settings =
        SessionSettings.of(task.zone(), options.session(), options.socketTimeoutMillis())
            // One statement sees one state of the data, whatever the server's default is.
            .withOwn(
                SessionSetting.ONE_STATE, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            // A slow writer must not make the server give up on us.
            .withOwn(SessionSetting.PATIENCE, "SET SESSION net_write_timeout = 86400")
            // A CHAR is read without the spaces that only fill it up.
            .withOwn(
                SessionSetting.PLAIN_CHARS,
                "SET SESSION sql_mode = TRIM(BOTH ',' FROM REPLACE(CONCAT(',', @@SESSION.sql_mode, ','),"
                    + " ',PAD_CHAR_TO_FULL_LENGTH,', ','))");
    this.connections =
        new Connections(
            options.sources().stream().map(JdbcSource::endpoint).toList(),
            options.hasOwnSql() ? settings : settings.withoutOwnSql(),
            task);
  }

  @Override
  public Schema schema(StageContext context) {
    return targets(context).schema();
  }

  private synchronized Targets targets(StageContext context) {
    Targets known = targets;
    if (known == null) {
      for (int i = 0; i < options.sources().size(); i++) {
        connections.source(i).notes().forEach(context.log()::info);
      }
      known = new TargetResolver(options, connections, context).resolve();
      targets = known;
    }
    return known;
  }

  @Override
  public Map<String, String> identity(StageContext context) {
    Map<String, String> identities = new TreeMap<>();
    for (TableTarget table : targets(context).tables()) {
      if (!table.table().view()) {
        TableName name = table.table().name();
        String shown =
            "table " + name + (table.source() == 0 ? "" : " of connection " + (table.source() + 1));
        use(
                table.source(),
                context,
                "identity of " + name,
                connection -> TableIdentity.of(connection, name))
            .ifPresent(identity -> identities.put(shown, identity));
      }
    }
    return identities;
  }

  @Override
  public Overlap overlap(String mark, StageContext context) {
    Optional<WriteMark> writer = WriteMark.parse(mark);
    if (writer.isEmpty()) {
      return Overlap.NONE;
    }
    SourceOverlap overlap = new SourceOverlap(targets(context), writer.get());
    Overlap most = Overlap.NONE;
    for (int i = 0; i < options.sources().size(); i++) {
      int source = i;
      Overlap here =
          use(
              source,
              context,
              "looking for the target",
              connection -> overlap.from(source, connection, context));
      most = here.kind().compareTo(most.kind()) > 0 ? here : most;
    }
    if (most.kind() == Overlap.Kind.POSSIBLE) {
      // A statement that is wrong tells nothing of what it reads: its error is said, not a doubt.
      prepare(context);
    }
    return most;
  }

  @Override
  public void prepare(StageContext context) {
    Targets found = targets(context);
    for (TableTarget table : found.tables()) {
      check(table.source(), table.sql(), context);
    }
    for (QueryTarget query : found.queries()) {
      check(query.source(), query.sql(), context);
    }
  }

  /** Has the server check a statement without running it. */
  private void check(int source, String sql, StageContext context) {
    long start = System.nanoTime();
    use(
        source,
        context,
        "checking: " + Sensitive.mark(sql),
        connection -> Probe.columns(connection, sql));
    long millis = (System.nanoTime() - start) / 1_000_000;
    String line = "checked in " + millis + " ms: " + Sensitive.mark(sql);
    if (millis > SLOW_MILLIS) {
      context.log().warn("slow statement, " + line);
    } else {
      context.log().info(line);
    }
  }

  /** What is done with a connection. */
  @FunctionalInterface
  interface Use<T> {
    T with(MySqlConnection connection) throws SQLException;
  }

  private <T> T use(int source, StageContext context, String what, Use<T> use) {
    MySqlConnection connection = connections.borrow(source, context);
    boolean usable = false;
    try (var registration = connection.abortOn(context.cancellation())) {
      T result = use.with(connection);
      usable = true;
      return result;
    } catch (SQLException e) {
      context.cancellation().throwIfCancelled();
      throw MySqlErrors.translate(e, MySqlErrors.Doing.READING, what);
    } finally {
      if (usable) {
        connections.giveBack(source, connection);
      } else {
        connections.abandon(source, connection);
      }
    }
  }

  @Override
  public SplitPlan split(SplitRequest request, StageContext context) {
    SplitPlanning.OnServer server =
        new SplitPlanning.OnServer() {
          @Override
          public <T> T use(int source, String what, Use<T> use) {
            return MySqlReader.this.use(source, context, what, use);
          }
        };
    return new SplitPlanning(options, targets(context), task.limits().maxValueBytes())
        .plan(request, server, context);
  }

  @Override
  public SplitReader open(Split split, ReadContext context) {
    ReadSplit read = ReadSplit.of(split);
    if (read.source() >= options.sources().size()) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "split " + split.id() + " belongs to a connection the task no longer has");
    }
    Targets found = targets(context);
    // Where the server may round, a DECIMAL whose value a double keeps is not even counted.
    boolean decimals = task.rules().narrowing() != Narrowing.ROUND;
    JsonLook look = JsonLook.of(found, context.target(), decimals);
    return MySqlSplitReader.open(
        read, found.schema(), look, found.wallClocks(), connections, task.limits(), context);
  }

  @Override
  public void close() {
    connections.close();
  }
}
