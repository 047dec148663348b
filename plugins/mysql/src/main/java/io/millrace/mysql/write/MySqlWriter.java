package io.millrace.mysql.write;

import io.millrace.api.Cancellation;
import io.millrace.api.StageContext;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteContext;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.connect.MySqlConnections;
import io.millrace.mysql.connect.SessionSettings;
import io.millrace.mysql.mark.WriteMark;
import io.millrace.mysql.type.TableIdentity;
import io.millrace.mysql.type.TableName;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one attempt of a task to a table of MySQL or MariaDB. */
final class MySqlWriter implements Writer {

  private static final Logger LOG = LoggerFactory.getLogger(MySqlWriter.class);

  private final WriteOptions options;
  private final TaskContext task;
  private final MySqlConnections stageConnections;
  private final ChannelSessions channels;
  private final Map<String, SplitCommit> committedHere = new ConcurrentHashMap<>();
  private volatile @Nullable Target target;

  MySqlWriter(WriteOptions options, TaskContext task) {
    this.options = options;
    this.task = task;
    SessionSettings stage =
        SessionSettings.of(task.zone(), options.session(), options.socketTimeoutMillis());
    this.stageConnections =
        new MySqlConnections(options.source().endpoint(), stage, task.clock(), LOG::warn);
    SessionSettings data =
        SessionSettings.of(ZoneOffset.UTC, options.session(), options.socketTimeoutMillis())
            .withDriver("allowLoadLocalInfile", "true");
    this.channels =
        new ChannelSessions(
            new MySqlConnections(options.source().endpoint(), data, task.clock(), LOG::warn));
  }

  private TableName wantedTable() {
    return TableReference.parse(options.table(), stageConnections.database());
  }

  private Target target(MySqlConnection connection) throws SQLException {
    Target known = target;
    if (known == null) {
      known = Target.find(connection, wantedTable(), options.columns());
      target = known;
    }
    return known;
  }

  @Override
  public Schema check(Schema source, StageContext context) {
    try (StageSession session = StageSession.open(stageConnections, context)) {
      return session.call(
          "cannot check table " + wantedTable(),
          open -> {
            Target found = target(open);
            found.writeSql(source, options, task.zone());
            if (options.publish() != PublishMode.DIRECT) {
              new ShadowRules(open, found.name()).check(options.publish(), found.view());
              UserSql rewriting = userSql(open, found.name());
              for (String sql : options.preSql()) {
                rewriting.redirected(sql, found.name().quoted());
              }
            }
            return found.schema();
          });
    }
  }

  @Override
  public void marked(StageContext context, Consumer<String> look) {
    try (StageSession session = StageSession.open(stageConnections, context)) {
      WriteMark mark =
          session.call(
              "cannot mark the target",
              open -> {
                Target found = target(open);
                return WriteMark.place(open, found.name(), visible(found));
              });
      look.accept(mark.text());
    }
  }

  @Override
  public Map<String, String> identity(WriteState state, StageContext context) {
    Prepared prepared = Prepared.of(state);
    if (prepared.publish() == PublishMode.APPEND) {
      // Its shadow is gone when it was published; publish itself looks for it.
      return Map.of();
    }
    try (StageSession session = StageSession.open(stageConnections, context)) {
      return session.call(
          "cannot identify the target",
          open -> {
            TableName written = prepared.written();
            Optional<String> identity = TableIdentity.of(open, written);
            if (identity.isEmpty()) {
              // A swap that has happened left the shadow under the target's name.
              identity = TableIdentity.of(open, prepared.target());
            }
            return identity.map(known -> Map.of("table " + written, known)).orElse(Map.of());
          });
    }
  }

  private WriteMark.Visible visible(Target found) {
    if (options.publish() != PublishMode.DIRECT) {
      // preSql is done to the shadow table, too.
      return WriteMark.Visible.IN_THE_END;
    }
    return found.transactional() && options.preSql().isEmpty()
        ? WriteMark.Visible.WITH_EACH_SPLIT
        : WriteMark.Visible.AT_ONCE;
  }

  private UserSql userSql(MySqlConnection open, TableName table) throws SQLException {
    return new UserSql(
        table, stageConnections.database(), open.server().sqlMode(), ignoresCase(open));
  }

  private static boolean ignoresCase(MySqlConnection open) throws SQLException {
    try (var statement = open.statement();
        var row = statement.executeQuery("SELECT @@lower_case_table_names")) {
      return row.next() && row.getInt(1) != 0;
    }
  }

  @Override
  public WriteState prepare(WritePlan plan, StageContext context) {
    requireSafe(plan.instanceId());
    try (StageSession session = StageSession.open(stageConnections, context)) {
      Target found = session.call("cannot find the target", this::target);
      AttemptLocks locks = new AttemptLocks(plan.instanceId());
      lock(session, locks, context.cancellation());
      LedgerSetup.Result ledger =
          session.call(
              "cannot prepare the ledger",
              open -> LedgerSetup.prepare(open, found.name(), options.ledgerTable()));
      Prepared prepared =
          new Prepared(
              plan.instanceId(),
              plan.generation(),
              plan.epoch(),
              found.name(),
              options.publish(),
              ledger.usable(),
              options.ledgerTable());
      Leftovers leftovers = new Leftovers(session, found.name(), options.ledgerTable(), context);
      raise(session, prepared, leftovers);
      sweep(session, prepared, leftovers);
      String reason = reason(found, ledger);
      if (!reason.isEmpty()) {
        context.log().warn("records are written at least once, not exactly once: " + reason);
      }
      Shadow shadow = new Shadow(prepared, session);
      if (options.publish() != PublishMode.DIRECT) {
        if (options.publish() == PublishMode.APPEND && !ledger.usable()) {
          throw new MillraceException(
              StandardError.WRITE_REFUSED,
              "publish: append needs the ledger, " + ledger.reason() + "; use publish: direct");
        }
        shadow.create();
      }
      preSql(session, prepared);
      // preSql may have changed the table.
      target = null;
      return prepared.state(
          reason.isEmpty() ? Guarantee.EXACTLY_ONCE : Guarantee.AT_LEAST_ONCE, reason);
    }
  }

  private static void requireSafe(String instanceId) {
    if (!instanceId.matches("[A-Za-z0-9-]{1,64}")) {
      throw new MillraceException(
          StandardError.INTERNAL, "bad instance id '" + instanceId + "' in a write plan");
    }
  }

  private static String reason(Target found, LedgerSetup.Result ledger) {
    if (!ledger.usable()) {
      return ledger.reason();
    }
    if (found.transactional()) {
      return "";
    }
    return found.view()
        ? found.name() + " is a view, whose tables may not know transactions"
        : "table "
            + found.name()
            + " uses the engine "
            + found.engine()
            + ", which has no transactions";
  }

  /** Ends what earlier attempts left, and marks this connection as the newest attempt's. */
  private static void lock(StageSession session, AttemptLocks locks, Cancellation cancellation) {
    session.run(
        "cannot take over from earlier attempts",
        open -> {
          try {
            locks.evictAll(open, cancellation);
            locks.acquire(open, AttemptLocks.STAGE, cancellation);
          } catch (SQLException e) {
            if (ServerErrors.passes(e)) {
              throw e;
            }
            // Some clusters refuse user locks; the epoch in the ledger still keeps writers out.
            LOG.warn("user locks are not available: {}", e.getMessage());
          }
        });
  }

  private void raise(StageSession session, Prepared prepared, Leftovers leftovers) {
    Ledger ledger = prepared.ledger();
    if (ledger != null) {
      session.run(
          "cannot enter the attempt into the ledger",
          open -> {
            ledger.own(open, leftovers.owner(), task.clock().millis());
            ledger.raise(open, prepared.epoch());
          });
    }
  }

  /** Removes what earlier generations left, known to be there or not, and what others did. */
  private void sweep(StageSession session, Prepared prepared, Leftovers leftovers) {
    leftovers.shadows(prepared.instance(), prepared.generation() - 1).forEach(Shadow::sweep);
    if (prepared.ledger() == null) {
      return;
    }
    try {
      Instant old = task.clock().instant().minus(Leftovers.LEFT_BEHIND);
      if (leftovers.isThereAny(old, prepared.instance())) {
        // Whoever resumes one of them ends the connection that sweeps it.
        try (StageSession own = StageSession.open(stageConnections, leftovers.context())) {
          leftovers.with(own).sweep(old, Leftovers.Which.STAGED, prepared.instance());
        }
      }
    } catch (MillraceException e) {
      leftovers.context().cancellation().throwIfCancelled();
      leftovers.context().log().warn("what earlier runs left was not removed: " + e.getMessage());
    }
  }

  @Override
  public int cleanUp(Instant before, StageContext context) {
    try (StageSession session = StageSession.open(stageConnections, context)) {
      Target found = session.call("cannot find the target", this::target);
      return new Leftovers(session, found.name(), options.ledgerTable(), context)
          .sweep(before, Leftovers.Which.ALL, "");
    }
  }

  private void preSql(StageSession session, Prepared prepared) {
    List<String> statements = options.preSql();
    for (int i = 0; i < statements.size(); i++) {
      String given = statements.get(i);
      String name = "preSql " + (i + 1);
      String sql =
          session.call(
              name,
              open -> {
                UserSql rewriting = userSql(open, prepared.target());
                return options.publish() == PublishMode.DIRECT
                    ? rewriting.named(given)
                    : rewriting.redirected(given, prepared.shadow().quoted());
              });
      userStatement(session, prepared, "#pre-" + (i + 1), name, sql);
    }
  }

  private void userStatement(
      StageSession session, Prepared prepared, String entry, String name, String sql) {
    session.once(
        prepared.ledger(),
        prepared.epoch(),
        entry,
        name + " failed: " + sql,
        open -> session.userSql(open, name, sql));
  }

  @Override
  public WriteState takeOver(WriteState state, long epoch, StageContext context) {
    Prepared prepared = Prepared.of(state).withEpoch(epoch);
    try (StageSession session = StageSession.open(stageConnections, context)) {
      lock(session, new AttemptLocks(prepared.instance()), context.cancellation());
      Ledger ledger = prepared.ledger();
      if (ledger != null) {
        String owner =
            new Leftovers(session, prepared.target(), prepared.ledgerTable(), context).owner();
        session.run(
            "cannot enter the attempt into the ledger",
            open -> {
              ledger.takeOver(open, prepared.epoch());
              ledger.own(open, owner, task.clock().millis());
            });
      }
    }
    return prepared.state(state.guarantee(), state.reason());
  }

  @Override
  public Map<String, SplitCommit> commits(WriteState state, StageContext context) {
    Prepared prepared = Prepared.of(state);
    Ledger ledger = prepared.ledger();
    if (ledger == null) {
      return Map.copyOf(committedHere);
    }
    try (StageSession session = StageSession.open(stageConnections, context)) {
      return session.call(
          "cannot read the ledger",
          open -> {
            channels.endDoubtful(
                open, new AttemptLocks(prepared.instance()), context.cancellation());
            return ledger.commits(open);
          });
    }
  }

  @Override
  public SplitWriter open(WriteState state, String splitId, WriteContext context) {
    Prepared prepared = Prepared.of(state);
    return MySqlSplitWriter.open(
        new MySqlSplitWriter.Parts(prepared, options, task, channels, this::target),
        splitId,
        context,
        committedHere);
  }

  @Override
  public void publish(WriteState state, List<SplitCommit> commits, StageContext context) {
    Prepared prepared = Prepared.of(state);
    channels.closeIdle();
    try (StageSession session = StageSession.open(stageConnections, context)) {
      lock(session, new AttemptLocks(prepared.instance()), context.cancellation());
      Ledger ledger = prepared.ledger();
      if (ledger != null) {
        session.run("cannot read the ledger", open -> ledger.checkEpoch(open, prepared.epoch()));
      }
      Shadow shadow = new Shadow(prepared, session);
      switch (prepared.publish()) {
        case DIRECT -> {}
        case SWAP -> shadow.swap();
        case APPEND -> {
          Target found = session.call("cannot find the target", this::target);
          String move =
              found
                  .writeSql(found.schema(), options, task.zone())
                  .insertSelect(prepared.shadow().quoted(), "");
          shadow.append(
              move,
              // The values suit the columns of the shadow; the server would round them to others.
              open ->
                  Target.find(open, prepared.shadow(), options.columns())
                      .requireUnchanged(open, prepared.target()),
              context);
        }
      }
      List<String> statements = options.postSql();
      for (int i = 0; i < statements.size(); i++) {
        String given = statements.get(i);
        String name = "postSql " + (i + 1);
        String sql = session.call(name, open -> userSql(open, prepared.target()).named(given));
        userStatement(session, prepared, "#post-" + (i + 1), name, sql);
      }
    }
  }

  @Override
  public void discard(WriteState state, StageContext context) {
    Prepared prepared = Prepared.of(state);
    channels.closeIdle();
    try (StageSession session = StageSession.open(stageConnections, context)) {
      lock(session, new AttemptLocks(prepared.instance()), context.cancellation());
      if (prepared.publish() != PublishMode.DIRECT) {
        new Shadow(prepared, session).discard();
      }
      forget(session, prepared);
    }
  }

  @Override
  public void forget(WriteState state, StageContext context) {
    try (StageSession session = StageSession.open(stageConnections, context)) {
      forget(session, Prepared.of(state));
    }
  }

  private static void forget(StageSession session, Prepared prepared) {
    Ledger ledger = prepared.ledger();
    if (ledger != null) {
      session.run(
          "cannot remove the instance from the ledger",
          open -> {
            if (Shadow.exists(
                open, new TableName(prepared.target().database(), prepared.ledgerTable()))) {
              ledger.forget(open);
            }
          });
    }
  }

  @Override
  public void close() {
    channels.closeIdle();
  }
}
