package io.millrace.mysql.write;

import io.millrace.api.Cancellation;
import io.millrace.api.Counted;
import io.millrace.api.Sensitive;
import io.millrace.api.StageContext;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Reader;
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
import io.millrace.mysql.connect.ServerTrust;
import io.millrace.mysql.connect.SessionSettings;
import io.millrace.mysql.mark.WriteMark;
import io.millrace.mysql.type.TableIdentity;
import io.millrace.mysql.type.TableName;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
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

  /** The entry that postSql begins with. */
  private static final String POST_SQL = "#post";

  /** An identity that is compared with no other. */
  private static final String AFTER_POST_SQL = "whatever postSql makes" + Reader.AT_SERVER + "any";

  private final WriteOptions options;
  private final TaskContext task;
  private final MySqlConnections stageConnections;
  private final ChannelSessions channels;
  private final Map<String, SplitCommit> committedHere = new ConcurrentHashMap<>();
  private final Rounded rounded = new Rounded();
  private volatile @Nullable Target target;
  private volatile @Nullable Target written;
  private volatile String toldDoubt = "";

  /**
   * Lets a connection tell the server that it can send files, and send none: nothing can be beneath
   * a device. {@link WriteSession#load} allows its own stream.
   */
  private static final String NO_FOLDER = "/dev/null/none";

  MySqlWriter(WriteOptions options, TaskContext task) {
    this.options = options;
    this.task = task;
    SessionSettings stage =
        SessionSettings.of(task.zone(), options.session(), options.socketTimeoutMillis());
    ServerTrust trust = new ServerTrust(task.certificates(), LOG::warn);
    this.stageConnections =
        new MySqlConnections(
            options.source().endpoint(), trust, stage, task.files(), task.clock(), LOG::warn);
    SessionSettings data =
        SessionSettings.of(ZoneOffset.UTC, options.session(), options.socketTimeoutMillis())
            .withDriver("allowLoadLocalInfileInPath", NO_FOLDER);
    this.channels = new ChannelSessions(stageConnections.with(data));
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

  /** The target, whose records go into the table of an instance. */
  private Target written(MySqlConnection connection, Prepared prepared) throws SQLException {
    Target known = written;
    if (known == null) {
      known = target(connection).written(connection, prepared.written());
      written = known;
    }
    return known;
  }

  /** The user's statements may have changed the table, or made another one under its name. */
  private void lookAgain() {
    target = null;
    written = null;
  }

  @Override
  public Schema check(Schema source, StageContext context) {
    stageConnections.notes().forEach(context.log()::info);
    try (StageSession session = StageSession.open(stageConnections, context)) {
      return session.call(
          "cannot check table " + wantedTable(),
          open -> {
            Target found = target(open);
            ColumnMatch match = ColumnMatch.of(found, source, task.rules());
            found.writeSql(open, source, options, task);
            match.warnings().forEach(context.log()::warn);
            lookAtLedger(open, found, context);
            Narrow.look(source, match, task.rules().narrowing()).forEach(context.log()::warn);
            if (options.publish() != PublishMode.DIRECT) {
              new ShadowRules(open, found.name()).check(options.publish(), found.view());
              if (options.publish() == PublishMode.APPEND) {
                requireWhole(found, match);
                requireTransactions(found);
              }
              UserSql rewriting = userSql(open, found.name());
              for (String sql : options.preSql()) {
                rewriting.redirected(sql, found.name().quoted());
              }
            }
            return match.answer(source);
          });
    }
  }

  /** Tells before anything is written what {@link #prepare} will find. */
  private void lookAtLedger(MySqlConnection open, Target found, StageContext context)
      throws SQLException {
    LedgerSetup.Result ledger = LedgerSetup.look(open, found.name(), options.ledgerTable());
    if (options.publish() == PublishMode.APPEND) {
      requireLedger(ledger);
    }
    tellDoubt(ledger.usable() ? found.doubt() : ledger.reason(), context);
  }

  private static void requireLedger(LedgerSetup.Result ledger) {
    if (!ledger.usable()) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          "publish: append needs the ledger, " + ledger.reason() + "; use publish: direct");
    }
  }

  private void tellDoubt(String reason, StageContext context) {
    if (!reason.isEmpty() && !reason.equals(toldDoubt)) {
      toldDoubt = reason;
      context.log().warn("records are written at least once, not exactly once: " + reason);
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
            if (hasBegunPostSql(open, prepared)) {
              return Map.of("table " + written, AFTER_POST_SQL);
            }
            Optional<String> identity = TableIdentity.of(open, written);
            if (identity.isEmpty()) {
              // A swap that has happened left the shadow under the target's name.
              identity = TableIdentity.of(open, prepared.target());
            }
            return identity.map(known -> Map.of("table " + written, known)).orElse(Map.of());
          });
    }
  }

  /**
   * True when postSql has begun: from then on the table may be another one, or have another engine,
   * because the user's own statements made it so.
   */
  private boolean hasBegunPostSql(MySqlConnection open, Prepared prepared) throws SQLException {
    Ledger ledger = prepared.ledger();
    return ledger != null && !options.postSql().isEmpty() && ledger.has(open, POST_SQL);
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
              options.ledgerTable(),
              0);
      Leftovers leftovers = new Leftovers(session, found.name(), options.ledgerTable(), context);
      raise(session, prepared, leftovers);
      sweep(session, prepared, leftovers);
      Shadow shadow = new Shadow(prepared, session);
      if (options.publish() != PublishMode.DIRECT) {
        if (options.publish() == PublishMode.APPEND) {
          requireLedger(ledger);
        }
        shadow.create();
      }
      preSql(session, prepared);
      lookAgain();
      Target now = session.call("cannot find the target", open -> written(open, prepared));
      session.run(
          "cannot check table " + now.name(),
          open -> {
            now.writeSql(open, plan.source(), options, task);
            ColumnMatch match = ColumnMatch.of(now, plan.source(), task.rules());
            Narrow.look(plan.source(), match, task.rules().narrowing());
          });
      if (options.publish() == PublishMode.APPEND) {
        requireTransactions(session.call("cannot find the target", this::target));
      }
      String reason = ledger.usable() ? now.doubt() : ledger.reason();
      tellDoubt(reason, context);
      return prepared
          .withRowsBefore(rowsBefore(session, prepared))
          .state(reason.isEmpty() ? Guarantee.EXACTLY_ONCE : Guarantee.AT_LEAST_ONCE, reason);
    }
  }

  private static void requireSafe(String instanceId) {
    if (!instanceId.matches("[A-Za-z0-9-]{1,64}")) {
      throw new MillraceException(
          StandardError.INTERNAL, "bad instance id '" + instanceId + "' in a write plan");
    }
  }

  /** What is moved at the end are all columns, also those that no record of the source has. */
  private void requireWhole(Target found, ColumnMatch match) {
    if (options.writeMode() == WriteMode.UPDATE && match.pairs().size() < found.columns().size()) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "publish: append with writeMode update would set columns of table "
              + found.name()
              + " that the source does not have to their default; list the columns at both ends");
    }
  }

  /** What is appended at once can also be taken back at once, or the target would keep a part. */
  private static void requireTransactions(Target found) {
    if (!found.transactional()) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "publish: append adds all records in one transaction, but "
              + found.doubt()
              + "; use publish: direct");
    }
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
      leftovers
          .context()
          .log()
          .warn("what earlier runs left was not removed: " + Sensitive.message(e));
    }
  }

  @Override
  public List<String> leftBehind(Instant before, StageContext context) {
    try (StageSession session = StageSession.open(stageConnections, context)) {
      Target found = session.call("cannot find the target", this::target);
      return new Leftovers(session, found.name(), options.ledgerTable(), context).show(before);
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
      userStatement(session, prepared, preSqlEntry(i + 1), name, sql);
    }
  }

  /** The rows that preSql put into the shadow. */
  private long rowsBefore(StageSession session, Prepared prepared) {
    return options.publish() == PublishMode.DIRECT || options.preSql().isEmpty()
        ? 0
        : session.call(
            "cannot count the rows of " + prepared.shadow(),
            open -> Shadow.rows(open, prepared.shadow()));
  }

  private static String preSqlEntry(int number) {
    return "#pre-" + number;
  }

  /** The entries of the steps of stage 1. */
  private List<String> stageOne() {
    List<String> entries = new ArrayList<>();
    if (options.publish() != PublishMode.DIRECT) {
      entries.add(Shadow.CREATED);
    }
    for (int i = 1; i <= options.preSql().size(); i++) {
      entries.add(preSqlEntry(i));
    }
    return entries;
  }

  private void userStatement(
      StageSession session, Prepared prepared, String entry, String name, String sql) {
    session.once(
        prepared.ledger(),
        prepared.epoch(),
        entry,
        name + " failed: " + Sensitive.mark(sql),
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
              // Before the owner is entered again, which would hide that it was gone.
              ledger.requireStageOne(open, stageOne());
              ledger.own(open, owner, task.clock().millis());
            });
      }
      lookAgain();
      session.run("cannot find the target", open -> requirePromise(open, prepared, state));
    }
    return prepared.state(state.guarantee(), state.reason());
  }

  /** What stage 1 promised must still hold: what another attempt committed depends on it. */
  private void requirePromise(MySqlConnection open, Prepared prepared, WriteState state)
      throws SQLException {
    if (prepared.publish() != PublishMode.DIRECT && !Shadow.exists(open, prepared.shadow())) {
      // Published, or gone: commits and publish tell.
      return;
    }
    if (hasBegunPostSql(open, prepared)) {
      return;
    }
    Target now = written(open, prepared);
    if (prepared.publish() != PublishMode.DIRECT) {
      now.requireColumns(open, prepared.written());
    }
    if (state.guarantee() == Guarantee.EXACTLY_ONCE && !now.transactional()) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          "the target has changed since stage 1, which promised exactly once: "
              + now.doubt()
              + "; undo the change and resume, or run the task from scratch");
    }
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
            ledger.requireStageOne(open, stageOne());
            return ledger.commits(open);
          });
    }
  }

  @Override
  public boolean maySkip() {
    return options.writeMode() == WriteMode.INSERT_IGNORE;
  }

  @Override
  public SplitWriter open(WriteState state, String splitId, WriteContext context) {
    Prepared prepared = Prepared.of(state);
    return MySqlSplitWriter.open(
        new MySqlSplitWriter.Parts(
            prepared,
            options,
            task,
            channels,
            rounded,
            connection -> written(connection, prepared)),
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
        case SWAP ->
            shadow.swap(open -> requireMoved(Shadow.rows(open, prepared.shadow()), state, commits));
        case APPEND -> {
          Target found = session.call("cannot find the target", this::target);
          String move =
              session.call(
                  "cannot find the target",
                  open ->
                      found
                          .writeSql(open, found.schema(), options, task)
                          .insertSelect(prepared.shadow().quoted(), ""));
          shadow.append(
              move,
              moved -> requireMoved(moved, state, commits),
              // The values suit the columns of the shadow; the server would round them to others.
              open ->
                  Target.find(open, prepared.shadow(), options.columns())
                      .requireColumns(open, prepared.target()),
              context);
        }
      }
      rounded.lines().forEach(line -> context.log().warn(line + " in this attempt"));
      List<String> statements = options.postSql();
      if (!statements.isEmpty()) {
        session.once(ledger, prepared.epoch(), POST_SQL, "cannot begin postSql", open -> {});
      }
      for (int i = 0; i < statements.size(); i++) {
        String given = statements.get(i);
        String name = "postSql " + (i + 1);
        String sql = session.call(name, open -> userSql(open, prepared.target()).named(given));
        userStatement(session, prepared, "#post-" + (i + 1), name, sql);
      }
    }
  }

  /** Compares the rows that are published with what the splits committed. */
  private void requireMoved(long found, WriteState state, List<SplitCommit> commits) {
    Prepared prepared = Prepared.of(state);
    long expected =
        prepared.rowsBefore()
            + commits.stream().mapToLong(commit -> commit.tally().written()).sum();
    // A record that changes or replaces another is no row of its own; a split that was tried again
    // may have left more where nothing better is promised.
    boolean mayBeFewer =
        options.writeMode() == WriteMode.UPDATE || options.writeMode() == WriteMode.REPLACE;
    boolean mayBeMore = state.guarantee() == Guarantee.AT_LEAST_ONCE;
    if ((found < expected && !mayBeFewer) || (found > expected && !mayBeMore)) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          "table "
              + prepared.shadow()
              + " holds "
              + Counted.of(found, "row", "rows")
              + " and the splits committed "
              + expected
              + "; nothing was published. The server lost rows, or somebody else wrote to the"
              + " table: run the task from scratch");
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
