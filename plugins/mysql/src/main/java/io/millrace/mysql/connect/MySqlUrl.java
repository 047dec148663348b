package io.millrace.mysql.connect;

import io.millrace.api.LocalFiles;
import io.millrace.api.ServerCertificates;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.jdbc.JdbcOptions;
import io.millrace.jdbc.JdbcSource;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A JDBC URL taken apart, so that only what is known to be harmless reaches the driver. A URL comes
 * from whoever may edit a task or a datasource; some of Connector/J's parameters read local files,
 * load classes or run code.
 *
 * @param hosts {@code host[:port]}, several parted by commas
 * @param database its name, or empty
 * @param parameters those that are passed to the driver, by their exact spelling
 * @param meaning what the others mean here
 */
public record MySqlUrl(
    String hosts, String database, Map<String, String> parameters, Meaning meaning) {

  /**
   * What parameters mean that are not passed to the driver.
   *
   * @param nullForZeroDate true when a date such as 0000-00-00 is to be read as NULL
   * @param session statements that set session variables
   * @param ignored the names of those without effect, as they are written
   * @param onlyFirst true when the URL names replicas as well, which are not used
   */
  public record Meaning(
      boolean nullForZeroDate, List<String> session, List<String> ignored, boolean onlyFirst) {
    public Meaning {
      session = List.copyOf(session);
      ignored = List.copyOf(ignored);
    }
  }

  private static final String TRUST_STORE = "trustCertificateKeyStoreUrl";

  /** Passed to the driver. */
  private static final Set<String> KEPT =
      Set.of(
          "useSSL",
          "requireSSL",
          "verifyServerCertificate",
          "sslMode",
          "tlsVersions",
          "tlsCiphersuites",
          "allowPublicKeyRetrieval",
          TRUST_STORE,
          "trustCertificateKeyStoreType",
          "connectTimeout",
          "socketTimeout",
          "tcpKeepAlive",
          "tcpNoDelay",
          "tcpRcvBuf",
          "tcpSndBuf",
          "defaultAuthenticationPlugin");

  /** Other names of those. */
  private static final Map<String, String> SYNONYMS =
      Map.of("enabledtlsprotocols", "tlsVersions", "enabledsslciphersuites", "tlsCiphersuites");

  private static final String ZERO_DATES = "zerodatetimebehavior";
  private static final String SESSION_VARIABLES = "sessionvariables";

  /** Harmless when off; when on, they read files of this machine or make objects of bytes. */
  private static final Set<String> ONLY_OFF =
      Set.of("allowloadlocalinfile", "allowurlinlocalinfile", "autodeserialize");

  /** Common in URLs of real life; harmless, and without effect because Millrace decides itself. */
  private static final Set<String> IGNORED =
      Set.of(
          "useunicode",
          "characterencoding",
          "charset",
          "charactersetresults",
          "passwordcharacterencoding",
          "useoldutf8behavior",
          "detectcustomcollations",
          "maxallowedpacket",
          "nodatetimestringsync",
          "treatutildateastimestamp",
          "usefastdateparsing",
          "usefastintparsing",
          "usegmtmillisfordatetimes",
          "usesspscompatibletimezoneshift",
          "emptystringsconverttozero",
          "createdatabaseifnotexist",
          "allownanandinf",
          "connectionattributes",
          "readonlypropagatestoserver",
          "relaxautocommit",
          "rollbackonpooledclose",
          "alwayssendsetisolation",
          "donttrackopenresources",
          "holdresultsopenoverstatementclose",
          "enablequerytimeouts",
          "continuebatchonerror",
          "emulateunsupportedpstmts",
          "generatesimpleparametermetadata",
          "noaccesstoprocedurebodies",
          "cachecallablestmts",
          "callablestmtcachesize",
          "functionsneverreturnblobs",
          "blobsendchunksize",
          "usesqlstatecodes",
          "usereadaheadinput",
          "useunbufferedinput",
          "usedynamiccharsetinfo",
          "paranoid",
          "interactiveclient",
          "gatherperfmetrics",
          "dumpqueriesonexception",
          "slowquerythresholdmillis",
          "logslowqueries",
          "explainslowqueries",
          "retriesalldown",
          "secondsbeforeretrymaster",
          "queriesbeforeretrymaster",
          "secondsbeforeretrysource",
          "queriesbeforeretrysource",
          "roundrobinloadbalance",
          "permitmysqlscheme",
          "usemysqlmetadata",
          "usebulkstmts",
          "connectioncollation",
          "servertimezone",
          "connectiontimezone",
          "forceconnectiontimezonetosession",
          "uselegacydatetimecode",
          "usetimezone",
          "usejdbccomplianttimezoneshift",
          "preserveinstants",
          "tinyint1isbit",
          "transformedbitisboolean",
          "yearisdatetype",
          "rewritebatchedstatements",
          "allowmultiqueries",
          "usecursorfetch",
          "defaultfetchsize",
          "useserverprepstmts",
          "cacheprepstmts",
          "prepstmtcachesize",
          "prepstmtcachesqllimit",
          "cacheresultsetmetadata",
          "cacheserverconfiguration",
          "elidesetautocommits",
          "maintaintimestats",
          "uselocalsessionstate",
          "uselocaltransactionstate",
          "usecompression",
          "autoreconnect",
          "autoreconnectforpools",
          "failoverreadonly",
          "maxreconnects",
          "initialtimeout",
          "useinformationschema",
          "nullcatalogmeanscurrent",
          "nullnamepatternmatchesall",
          "remarks",
          "useaffectedrows",
          "useoldaliasmetadatabehavior",
          "jdbccomplianttruncation",
          "nettimeoutforstreamingresults",
          "logger",
          "profilesql",
          "useusageadvisor");

  private static final int DEFAULT_PORT = 3306;

  private static final Pattern FORM =
      Pattern.compile(
          "jdbc:(?:mysql|mariadb)(?::(loadbalance|replication|sequential|failover))?"
              + "://([^/?#]+)(?:/([^?#]*))?(?:\\?([^#]*))?");
  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::\\d{1,5})?");

  /** A port that is none, such as in {@code db:bad_port}. */
  private static final Pattern NO_PORT = Pattern.compile("[A-Za-z0-9._-]+:[A-Za-z_][A-Za-z0-9_-]*");

  /** A local file; never one on another machine, which the JVM would fetch by FTP. */
  private static final Pattern LOCAL_FILE = Pattern.compile("file:(?:///)?/?[^/].*");

  public MySqlUrl {
    parameters = Map.copyOf(new TreeMap<>(parameters));
  }

  /** The option that holds such URLs. */
  public static final ConfigOption<List<String>> JDBC_URL =
      JdbcOptions.JDBC_URL.asUrl(
          Stream.of(KEPT, IGNORED, SYNONYMS.keySet(), Set.of(ZERO_DATES), ONLY_OFF)
              .flatMap(Set::stream)
              .toList());

  /** The option that holds several, one for each database. */
  public static final ConfigOption<Object> CONNECTION = JdbcOptions.connection(JDBC_URL);

  /** The URL of one database on one host. */
  public static String of(String host, int port, String database) {
    String bracketed = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    return "jdbc:mysql://"
        + bracketed
        + ":"
        + port
        + "/"
        + URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The databases that a reader's or a data source's options name. */
  public static List<JdbcSource> sources(Options options) {
    return JdbcOptions.sources(
        options, (host, port, database) -> of(host, port.orElse(3306), database));
  }

  /**
   * Takes a URL apart.
   *
   * @throws MillraceException with {@link StandardError#CONFIGURATION} for a form or a parameter
   *     that is not accepted; the parameter is named, its value is not
   */
  public static MySqlUrl parse(String url) {
    String trimmed = url.strip();
    Matcher matcher = FORM.matcher(trimmed);
    if (!matcher.matches()) {
      throw wrong(
          "the jdbcUrl must have the form jdbc:mysql://host:port/database; host, port and database"
              + " may be given as options of their own instead");
    }
    String hosts = matcher.group(2);
    for (String host : hosts.split(",", -1)) {
      if (!HOST.matcher(host).matches()) {
        throw wrong(
            "the jdbcUrl must name its hosts as host or host:port, without an account; give"
                + " username and password as options of their own");
      }
    }
    String database = matcher.group(3) == null ? "" : decode(matcher.group(3));
    Query query = new Query();
    if ("replication".equals(matcher.group(1)) && hosts.indexOf(',') >= 0) {
      // The others are replicas, which may lag and take no writes.
      query.onlyFirst = true;
      hosts = hosts.substring(0, hosts.indexOf(','));
    }
    if (matcher.group(4) != null) {
      // A URL that was copied out of XML has &amp; between its parameters.
      for (String pair : matcher.group(4).replace("&amp;", "&").split("&")) {
        if (!pair.isBlank()) {
          query.add(pair);
        }
      }
    }
    return new MySqlUrl(hosts, database, query.parameters, query.meaning());
  }

  /**
   * False where a port is no number, so that nothing can answer there: in a list of URLs another
   * one is tried.
   */
  static boolean mayAnswer(String url) {
    Matcher matcher = FORM.matcher(url.strip());
    return !matcher.matches()
        || Stream.of(matcher.group(2).split(",", -1))
            .noneMatch(host -> NO_PORT.matcher(host).matches());
  }

  /** What to tell of the parameters that are not passed on, one line each. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (!meaning.ignored.isEmpty()) {
      notes.add(
          "jdbcUrl: "
              + String.join(", ", meaning.ignored)
              + (meaning.ignored.size() == 1 ? " has" : " have")
              + " no effect, because Millrace decides what they are about");
    }
    if (!meaning.session.isEmpty()) {
      notes.add("jdbcUrl: sessionVariables are set before the statements of 'session'");
    }
    if (meaning.onlyFirst) {
      notes.add("jdbcUrl: only " + hosts + " is used, the first host; replicas are never asked");
    }
    return notes;
  }

  /** The same for each of its hosts alone, in order. */
  List<MySqlUrl> eachHost() {
    return Stream.of(hosts.split(","))
        .map(host -> new MySqlUrl(host, database, parameters, meaning))
        .toList();
  }

  /**
   * The same with its file, if it names one, as the files in reach give it.
   *
   * @throws MillraceException when the file is out of reach
   */
  MySqlUrl within(LocalFiles files) {
    String file = parameters.get(TRUST_STORE);
    if (file == null || !files.isBound()) {
      return this;
    }
    Map<String, String> checked = new TreeMap<>(parameters);
    checked.put(TRUST_STORE, files.allowed(path(file)).toUri().toString());
    return new MySqlUrl(hosts, database, checked, meaning);
  }

  /** The file that the JVM would open: it decodes the name, and leaves out what ends it. */
  private static Path path(String fileUrl) {
    try {
      String name = new URL(fileUrl).getPath();
      return Path.of(URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (MalformedURLException | IllegalArgumentException e) {
      throw wrong(
          "the jdbcUrl's parameter '" + TRUST_STORE + "' must name a local file: file:/path");
    }
  }

  /** Takes parameters one by one. */
  private static final class Query {
    private final Map<String, String> parameters = new TreeMap<>();
    private final List<String> session = new ArrayList<>();
    private final List<String> ignored = new ArrayList<>();
    private boolean nullForZeroDate;
    private boolean onlyFirst;

    Meaning meaning() {
      return new Meaning(nullForZeroDate, session, ignored, onlyFirst);
    }

    void add(String pair) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals)).strip();
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1)).strip();
      String lower = name.toLowerCase(Locale.ROOT);
      String passed = passed(name);
      if (!passed.isEmpty()) {
        if (passed.equals(TRUST_STORE) && !LOCAL_FILE.matcher(value).matches()) {
          throw wrong(
              "the jdbcUrl's parameter '" + passed + "' must name a local file: file:/path");
        }
        parameters.put(passed, value);
      } else if (lower.equals(ZERO_DATES)) {
        nullForZeroDate = nullForZeroDate(value);
      } else if (lower.equals(SESSION_VARIABLES)) {
        session.addAll(sessionVariables(value));
      } else if (ONLY_OFF.contains(lower) && value.equalsIgnoreCase("false")
          || IGNORED.contains(lower)) {
        ignored.add(printable(name));
      } else {
        throw refused(name, lower);
      }
    }
  }

  /** The driver's own name of a parameter that is passed on; empty for any other. */
  private static String passed(String name) {
    return KEPT.stream()
        .filter(name::equalsIgnoreCase)
        .findFirst()
        .orElse(SYNONYMS.getOrDefault(name.toLowerCase(Locale.ROOT), ""));
  }

  /** The driver's three words, old and new. */
  private static boolean nullForZeroDate(String value) {
    return switch (value.replace("_", "").toLowerCase(Locale.ROOT)) {
      case "converttonull" -> true;
      case "exception", "" -> false;
      case "round" ->
          throw wrong(
              "the jdbcUrl's zeroDateTimeBehavior=round would make another date of 0000-00-00; use"
                  + " convertToNull to read it as NULL, or leave it out to read it as it is");
      default ->
          throw wrong(
              "the jdbcUrl's zeroDateTimeBehavior is convertToNull, exception, or not given");
    };
  }

  private static final Pattern ASSIGNMENT =
      Pattern.compile(
          "\\s*(@[\\w$]+|(?:(?:session|local)\\s+|@@(?:session\\.|local\\.)?)?([a-zA-Z_]\\w*))\\s*:?="
              + "\\s*('[^'\\\\]*'|\"[^\"\\\\]*\"|[\\w.+-]+)\\s*(?:[,;]|$)",
          Pattern.CASE_INSENSITIVE);

  /** Statements for {@code a=1,b='x,y'}. Nothing but plain values stands in them. */
  private static List<String> sessionVariables(String value) {
    List<String> statements = new ArrayList<>();
    Matcher matcher = ASSIGNMENT.matcher(value);
    int at = 0;
    while (at < value.length() && matcher.region(at, value.length()).lookingAt()) {
      String variable = matcher.group(2) == null ? matcher.group(1) : "SESSION " + matcher.group(2);
      statements.add("SET " + variable + " = " + matcher.group(3));
      at = matcher.end();
    }
    if (at < value.length()) {
      throw wrong(
          "the jdbcUrl's sessionVariables hold more than names with plain values; give them as"
              + " statements in the option 'session': [\"SET SESSION name = value\"]");
    }
    return statements;
  }

  private static MillraceException refused(String name, String lower) {
    if (Set.of("user", "username", "password").contains(lower)) {
      return wrong(
          "the jdbcUrl must not hold '" + name + "': give username and password as options");
    }
    String advice =
        switch (lower) {
          case "allowloadlocalinfile", "allowloadlocalinfileinpath", "allowurlinlocalinfile" ->
              "would let the server read files of this machine; remove it, Millrace uses LOAD DATA"
                  + " without it where the server allows that";
          case "autodeserialize" -> "would run code that the database holds; remove it";
          case "maxrows" -> "would leave records out; use a condition in 'where'";
          default ->
              "is not accepted; remove it. Session variables belong into the option 'session'";
        };
    return wrong("the jdbcUrl's parameter '" + printable(name) + "' " + advice);
  }

  /** How far a connection is encrypted, and its server verified, as the driver understands it. */
  enum Tls {
    DISABLED,
    PREFERRED,
    REQUIRED,
    VERIFY_CA,
    VERIFY_IDENTITY;

    /** True when authorities vouch for the server. */
    boolean isVerified() {
      return this == VERIFY_CA || this == VERIFY_IDENTITY;
    }
  }

  /** What the parameters ask for; the driver refuses a mode that is not known here. */
  Tls tls() {
    String mode = parameters.get("sslMode");
    if (mode != null) {
      return Stream.of(Tls.values())
          .filter(each -> each.name().equalsIgnoreCase(mode))
          .findFirst()
          .orElse(Tls.PREFERRED);
    }
    if (!isOn("useSSL", true)) {
      return Tls.DISABLED;
    }
    if (isOn("verifyServerCertificate", false)) {
      return Tls.VERIFY_CA;
    }
    return isOn("requireSSL", false) ? Tls.REQUIRED : Tls.PREFERRED;
  }

  private boolean isOn(String parameter, boolean unset) {
    String value = parameters.get(parameter);
    return value == null ? unset : value.equalsIgnoreCase("true") || value.equalsIgnoreCase("yes");
  }

  /** Every host with its port, as certificates are kept for it. */
  List<String> servers() {
    return Stream.of(hosts.split(","))
        .map(
            each -> {
              int colon = each.lastIndexOf(':');
              boolean hasPort = colon > each.indexOf(']') && colon >= 0;
              return hasPort
                  ? server(each.substring(0, colon), Integer.parseInt(each.substring(colon + 1)))
                  : server(each, DEFAULT_PORT);
            })
        .toList();
  }

  /**
   * A server as certificates are kept for it; the driver knows an IPv6 address without brackets.
   */
  static String server(String host, int port) {
    return ServerCertificates.server(host.replaceAll("[\\[\\]]", ""), port);
  }

  /** True when every host is this machine, so that nobody can listen on the way. */
  public boolean isLoopback() {
    for (String host : hosts.split(",")) {
      String name = host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
      if (!name.equals("localhost") && !name.equals("[::1]") && !name.matches("127(\\.\\d+){3}")) {
        return false;
      }
    }
    return true;
  }

  /** Hosts and database, for messages. */
  public String display() {
    return hosts + (database.isEmpty() ? "" : "/" + database);
  }

  /** The URL for the driver, built from checked parts only and without parameters. */
  String driverUrl() {
    return "jdbc:mysql://"
        + hosts
        + "/"
        + URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION, "the jdbcUrl holds a wrong %-escape", e);
    }
  }

  private static String printable(String name) {
    String clean = name.replaceAll("[^A-Za-z0-9_.-]", "?");
    return clean.length() > 60 ? clean.substring(0, 60) : clean;
  }

  private static MillraceException wrong(String message) {
    return new MillraceException(StandardError.CONFIGURATION, message);
  }
}
