package io.millrace.mysql.connect;

import com.mysql.cj.jdbc.NonRegisteringDriver;
import com.mysql.cj.log.NullLogger;
import io.millrace.api.Cancellation;
import io.millrace.api.LocalFiles;
import io.millrace.api.Sensitive;
import io.millrace.api.error.ErrorKind;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.jdbc.JdbcEndpoint;
import java.net.Socket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections to one database. There is no pool: an attempt needs few connections for a long
 * time each, and a streamed result needs one of its own. Safe for use by several threads.
 */
public final class MySqlConnections {

  private static final Logger LOG = LoggerFactory.getLogger(MySqlConnections.class);

  /** Longest wait for the server's first answers; later ones have the task's own timeout. */
  private static final int LOGIN_TIMEOUT_MILLIS = 20_000;

  /** A zone without a change for so long counts as one that has a single offset: 20 years. */
  private static final Duration UNCHANGED = Duration.ofDays(20 * 365);

  private static final String NO_LIMIT = "18446744073709551615";
  private static final String WHOLE_RESULT = ", sql_select_limit = " + NO_LIMIT;

  private static final int SECURE_TRANSPORT_REQUIRED = 3159;
  private static final int ACCESS_DENIED = 1045;
  private static final int UNKNOWN_TIME_ZONE = 1298;
  private static final int UNDECIDED = -1;

  static {
    // Connector/J's cleanup thread would keep an unloaded plugin's class loader alive for ever.
    System.setProperty("com.mysql.cj.disableAbandonedConnectionCleanup", "true");
  }

  private final List<MySqlUrl> urls;
  private final int leftOut;
  private final JdbcEndpoint endpoint;
  private final SessionSettings settings;
  private final Clock clock;
  private final Consumer<String> warnings;
  private final ServerTrust trust;
  private final AtomicInteger chosen;
  private final AtomicBoolean warnedOfZone = new AtomicBoolean();
  private volatile boolean encryptLoopback;
  private volatile boolean zoneIsUnknown;

  /**
   * @param trust shared by all connections of one end
   * @param files which files of this machine the URL may name
   * @param clock tells which offset a zone has now, where the server does not know the zone
   * @param warnings takes what the user should know; called rarely, from any thread
   * @throws MillraceException with {@link StandardError#CONFIGURATION} for a URL that is not
   *     accepted
   */
  public MySqlConnections(
      JdbcEndpoint endpoint,
      ServerTrust trust,
      SessionSettings settings,
      LocalFiles files,
      Clock clock,
      Consumer<String> warnings) {
    this.endpoint = endpoint;
    this.trust = trust;
    this.settings = settings;
    this.clock = clock;
    this.warnings = warnings;
    List<MySqlUrl> parsed = new ArrayList<>();
    List<String> reachable = endpoint.urls().stream().filter(MySqlUrl::mayAnswer).toList();
    this.leftOut = reachable.isEmpty() ? 0 : endpoint.urls().size() - reachable.size();
    for (String url : leftOut == 0 ? endpoint.urls() : reachable) {
      parsed.addAll(MySqlUrl.parse(url).within(files).eachHost());
    }
    this.urls = List.copyOf(parsed);
    this.chosen = new AtomicInteger(UNDECIDED);
  }

  private MySqlConnections(MySqlConnections same, SessionSettings settings) {
    this.endpoint = same.endpoint;
    this.trust = same.trust;
    this.settings = settings;
    this.clock = same.clock;
    this.warnings = same.warnings;
    this.urls = same.urls;
    this.leftOut = same.leftOut;
    this.chosen = same.chosen;
  }

  /** Connections to the same server, whichever of several it is, that are set up otherwise. */
  public MySqlConnections with(SessionSettings other) {
    return new MySqlConnections(this, other);
  }

  private MySqlUrl url() {
    return urls.get(Math.max(0, chosen.get()));
  }

  /** Hosts and database, for messages. */
  public String display() {
    return url().display();
  }

  /** True when one of the URLs wants a date such as 0000-00-00 to be read as NULL. */
  public boolean nullForZeroDate() {
    return urls.stream().anyMatch(url -> url.meaning().nullForZeroDate());
  }

  /** What to tell of the URLs' parameters, one line each. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (leftOut > 0) {
      notes.add(
          "jdbcUrl: " + leftOut + " of the list cannot answer, because its port is no number");
    }
    urls.stream().flatMap(url -> url.notes().stream()).distinct().forEach(notes::add);
    return notes;
  }

  /** The database the URL names, or empty. */
  public String database() {
    return url().database();
  }

  /**
   * Opens a connection in autocommit mode. Blocks for some seconds at most. Of several hosts and
   * URLs the first that answers serves all connections from then on: two servers need not hold the
   * same.
   *
   * @param cancellation checked before each try
   * @throws MillraceException of kind EXTERNAL when no server answers, of kind USER when the
   *     account or the session's statements are refused
   */
  public MySqlConnection open(Cancellation cancellation) {
    int known = chosen.get();
    if (known != UNDECIDED) {
      return open(urls.get(known), cancellation);
    }
    List<MillraceException> failures = new ArrayList<>();
    for (int i = 0; i < urls.size(); i++) {
      cancellation.throwIfCancelled();
      try {
        MySqlConnection connection = open(urls.get(i), cancellation);
        if (chosen.compareAndSet(UNDECIDED, i)) {
          tell(failures, i);
        }
        if (chosen.get() == i) {
          return connection;
        }
        // Another thread has found another one meanwhile.
        connection.close();
        return open(url(), cancellation);
      } catch (MillraceException e) {
        cancellation.throwIfCancelled();
        if (e.errorCode().kind() != ErrorKind.EXTERNAL) {
          throw e;
        }
        failures.add(e);
      }
    }
    throw noneAnswers(failures);
  }

  /** Which of several servers it is decides what is read and written. */
  private void tell(List<MillraceException> failures, int used) {
    if (!failures.isEmpty()) {
      warnings.accept(
          urls.get(used).display()
              + " is used, because those before it do not answer: "
              + failures.stream()
                  .map(MillraceException::getMessage)
                  .collect(Collectors.joining("; ")));
    }
  }

  private static MillraceException noneAnswers(List<MillraceException> failures) {
    MillraceException first = failures.get(0);
    if (failures.size() == 1) {
      return first;
    }
    String all =
        failures.stream().map(MillraceException::getMessage).collect(Collectors.joining("; "));
    return new MillraceException(first.errorCode(), "no address answers: " + all, first);
  }

  /**
   * Cuts a connection and has its server, in the background, end what it does for it: a server in a
   * long sort does not notice that nobody listens any more. Only where the server says that this
   * very connection lives there: behind a proxy or a list of URLs, another server may answer, and
   * there the id is somebody else's. Returns at once.
   *
   * @param connection one that was {@linkplain MySqlConnection#makeKillable made killable}; any
   *     other one is only cut
   */
  public void abandon(MySqlConnection connection) {
    connection.abort();
    if (connection.life().isEmpty()) {
      return;
    }
    Thread thread = new Thread(() -> kill(connection), "millrace-mysql-kill");
    thread.setDaemon(true);
    thread.start();
  }

  private void kill(MySqlConnection connection) {
    long id = connection.server().connectionId();
    for (MySqlUrl url : urls) {
      try (Connection jdbc = connect(url);
          Statement statement = jdbc.createStatement();
          ResultSet holder =
              statement.executeQuery("SELECT IS_USED_LOCK('" + connection.life() + "')")) {
        if (holder.next() && holder.getLong(1) == id) {
          statement.execute("KILL " + id);
          return;
        }
      } catch (SQLException | MillraceException e) {
        // It has ended by itself, or nothing more can be done about it.
        LOG.debug("connection {} was not killed at {}: {}", id, url.display(), e.getMessage());
      }
    }
  }

  private MySqlConnection open(MySqlUrl url, Cancellation cancellation) {
    Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    try (var registration =
        cancellation.onCancel(() -> sockets.forEach(CancellableSocketFactory::close))) {
      return CancellableSocketFactory.listening(
          socket -> {
            sockets.add(socket);
            // Cancelled after the registration ran: nobody else closes this socket.
            if (cancellation.isCancelled()) {
              CancellableSocketFactory.close(socket);
            }
          },
          () -> login(url));
    } catch (SQLException e) {
      throw MySqlErrors.translate(
          e, MySqlErrors.Doing.CONNECTING, "cannot set up a session at " + url.display());
    }
  }

  private MySqlConnection login(MySqlUrl url) throws SQLException {
    Connection jdbc;
    try {
      jdbc = connect(url);
    } catch (SQLException e) {
      throw MySqlErrors.translate(
          e, MySqlErrors.Doing.CONNECTING, "cannot connect to " + url.display());
    }
    boolean ready = false;
    try {
      MySqlConnection.ServerFacts facts = setUp(jdbc, url);
      jdbc.setNetworkTimeout(Runnable::run, settings.socketTimeoutMillis());
      ready = true;
      return new MySqlConnection(jdbc, facts);
    } finally {
      if (!ready) {
        new MySqlConnection(
                jdbc, new MySqlConnection.ServerFacts(ServerVersion.parse(""), 0, "", 0))
            .abort();
      }
    }
  }

  private Connection connect(MySqlUrl url) throws SQLException {
    boolean undecided =
        !url.parameters().containsKey("sslMode") && !url.parameters().containsKey("useSSL");
    boolean plain = undecided && url.isLoopback() && !encryptLoopback && !trust.isKept(url);
    try {
      return connect(url, plain);
    } catch (SQLException e) {
      boolean mayWantTls =
          e.getErrorCode() == SECURE_TRANSPORT_REQUIRED || e.getErrorCode() == ACCESS_DENIED;
      if (!plain || !mayWantTls) {
        throw e;
      }
      Connection encrypted = connect(url, false);
      encryptLoopback = true;
      return encrypted;
    }
  }

  private Connection connect(MySqlUrl url, boolean plain) throws SQLException {
    Properties properties = new Properties();
    // What the URL may decide.
    properties.setProperty("connectTimeout", "10000");
    properties.setProperty("tcpKeepAlive", "true");
    if (plain) {
      // Nobody can listen within this machine; encryption would only cost time.
      properties.setProperty("sslMode", "DISABLED");
      properties.setProperty("allowPublicKeyRetrieval", "true");
    }
    url.parameters().forEach(properties::setProperty);
    // What it may not.
    if (!endpoint.username().isEmpty()) {
      properties.setProperty("user", endpoint.username());
    }
    properties.setProperty("password", endpoint.password());
    properties.setProperty("socketTimeout", Integer.toString(LOGIN_TIMEOUT_MILLIS));
    properties.setProperty("characterEncoding", "UTF-8");
    properties.setProperty("characterSetResults", "UTF-8");
    properties.setProperty("connectionTimeZone", "UTC");
    properties.setProperty("forceConnectionTimeZoneToSession", "false");
    properties.setProperty("allowMultiQueries", "false");
    properties.setProperty("allowLoadLocalInfile", "false");
    properties.setProperty("enableEscapeProcessing", "false");
    properties.setProperty("processEscapeCodesForPrepStmts", "false");
    // Of several hosts it writes what it knows of one that fails to the process's error output.
    properties.setProperty("logger", NullLogger.class.getName());
    // It would go through all of them 120 times before it says that none answers.
    properties.setProperty("retriesAllDown", "1");
    properties.setProperty("socketFactory", CancellableSocketFactory.class.getName());
    // The session's sql_mode is set by whoever needs it, not by the driver.
    properties.setProperty("jdbcCompliantTruncation", "false");
    properties.setProperty("netTimeoutForStreamingResults", "0");
    properties.setProperty("dontTrackOpenResources", "true");
    properties.setProperty("maintainTimeStats", "false");
    properties.setProperty("connectionAttributes", "program_name:millrace");
    settings.driver().forEach(properties::setProperty);
    trust.demands(url).forEach(properties::setProperty);
    return trust.connect(
        url, !endpoint.password().isEmpty(), () -> driverConnection(url, properties));
  }

  private static Connection driverConnection(MySqlUrl url, Properties properties)
      throws SQLException {
    Connection connection = new NonRegisteringDriver().connect(url.driverUrl(), properties);
    if (connection == null) {
      throw new SQLException("the driver does not accept " + url.display());
    }
    return connection;
  }

  private MySqlConnection.ServerFacts setUp(Connection jdbc, MySqlUrl url) throws SQLException {
    try (Statement statement = jdbc.createStatement()) {
      setZone(statement);
      for (SessionSettings.Own own : settings.own()) {
        own.setting().set(statement, own.statement());
      }
      MySqlConnection.ServerFacts facts = facts(statement);
      for (String variable : url.meaning().session()) {
        runUsers(statement, variable, "jdbcUrl, sessionVariables");
      }
      for (String session : settings.statements()) {
        runUsers(statement, session, "option 'session'");
      }
      if (!settings.statements().isEmpty() || !url.meaning().session().isEmpty()) {
        // SET NAMES in a session statement must not change what bytes mean to the driver.
        statement.execute("SET character_set_client = utf8mb4, character_set_results = utf8mb4");
        requireWholeResults(statement);
      }
      return facts;
    }
  }

  /** What the user sets to have fewer rows would be so many of every split, and of other looks. */
  private static void requireWholeResults(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT @@SESSION.sql_select_limit")) {
      // A limit of no rows cuts this one off, too.
      String limit = row.next() ? row.getString(1) : "0";
      if (!limit.equals(NO_LIMIT)) {
        throw new MillraceException(
            StandardError.CONFIGURATION,
            "the task's session sets sql_select_limit to "
                + limit
                + ", which would cut the result of every split; take it out, and use where, or"
                + " querySql with LIMIT, for fewer rows");
      }
    }
  }

  private static void runUsers(Statement statement, String session, String where)
      throws SQLException {
    LOG.debug("session statement: {}", session);
    try {
      statement.execute(session);
    } catch (SQLException e) {
      if (MySqlErrors.isPassing(e)) {
        throw e;
      }
      throw MySqlErrors.translate(
          e, MySqlErrors.Doing.CONNECTING, where + ", statement '" + Sensitive.mark(session) + "'");
    }
  }

  private static MySqlConnection.ServerFacts facts(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT VERSION(), CONNECTION_ID(), @@SESSION.sql_mode, @@max_allowed_packet")) {
      row.next();
      return new MySqlConnection.ServerFacts(
          ServerVersion.parse(row.getString(1)),
          row.getLong(2),
          row.getString(3) == null ? "" : row.getString(3),
          row.getLong(4));
    }
  }

  /** Its zone, and that no default of the server cuts a result: the ledger's as little as rows. */
  private void setZone(Statement statement) throws SQLException {
    ZoneId zone = settings.zone();
    if (!zone.getRules().isFixedOffset() && !zoneIsUnknown) {
      try {
        statement.execute("SET time_zone = '" + zone.getId() + "'" + WHOLE_RESULT);
        return;
      } catch (SQLException e) {
        if (e.getErrorCode() != UNKNOWN_TIME_ZONE) {
          throw e;
        }
        zoneIsUnknown = true;
      }
    }
    ZoneOffset offset = zone.getRules().getOffset(clock.instant());
    statement.execute("SET time_zone = '" + sqlOffset(offset) + "'" + WHOLE_RESULT);
    if (settings.zoneMatters()
        && changesItsOffset(zone)
        && warnedOfZone.compareAndSet(false, true)) {
      warnings.accept(
          "the server at "
              + display()
              + " does not know the zone "
              + zone
              + " (its time zone tables are empty); the task's own SQL runs with its present offset "
              + sqlOffset(offset)
              + ", which is wrong for dates when another offset holds. Load the tables with"
              + " mysql_tzinfo_to_sql");
    }
  }

  /** False for a zone such as Asia/Shanghai, whose offset has been the same for decades. */
  private boolean changesItsOffset(ZoneId zone) {
    ZoneOffsetTransition last = zone.getRules().previousTransition(clock.instant());
    return zone.getRules().nextTransition(clock.instant()) != null
        || (last != null && last.getInstant().isAfter(clock.instant().minus(UNCHANGED)));
  }

  private static String sqlOffset(ZoneOffset offset) {
    int minutes = offset.getTotalSeconds() / 60;
    return "%s%02d:%02d"
        .formatted(minutes < 0 ? "-" : "+", Math.abs(minutes) / 60, Math.abs(minutes) % 60);
  }
}
