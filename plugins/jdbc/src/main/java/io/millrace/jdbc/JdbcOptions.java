package io.millrace.jdbc;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options every relational connector has, and what they mean together. A datasource's keys
 * arrive merged into the same options.
 */
public final class JdbcOptions {

  public static final ConfigOption<List<String>> JDBC_URL =
      ConfigOption.strings(
              "jdbcUrl",
              "The JDBC URL of the database; a list is tried in order until one answers.")
          .withAliases("url")
          .asUrl(List.of())
          .directsSecrets();
  public static final ConfigOption<String> HOST =
      ConfigOption.string("host", "The database's host, where no jdbcUrl is given.")
          .directsSecrets();
  public static final ConfigOption<Long> PORT =
      ConfigOption.integer("port", 1, 65_535, "The database's port, with host.").directsSecrets();
  public static final ConfigOption<String> DATABASE =
      ConfigOption.string("database", "The database's name, with host.").withAliases("schema");
  public static final ConfigOption<String> USERNAME =
      ConfigOption.string("username", "The account that logs in.").withAliases("user");
  public static final ConfigOption<String> PASSWORD =
      ConfigOption.string("password", "The account's password.").asSecret();

  public static final ConfigOption<List<String>> TABLE =
      ConfigOption.strings(
              "table",
              "The table, or several of one layout; t_[0-99] stands for t_0 to t_99; a name may be"
                  + " preceded by its database and a dot.")
          .withAliases("tables");
  public static final ConfigOption<List<String>> QUERY_SQL =
      ConfigOption.strings(
          "querySql", "Statements to read instead of tables; table, column, where do not count.");

  public static final ConfigOption<Object> CONNECTION = connection(JDBC_URL);

  public static final ConfigOption<List<String>> SESSION =
      ConfigOption.strings(
          "session", "Statements that are run on every connection when it is opened.");
  public static final ConfigOption<Long> SOCKET_TIMEOUT =
      ConfigOption.integer(
              "socketTimeout",
              0,
              Integer.MAX_VALUE,
              "Milliseconds without an answer after which a connection is given up; 0 for none.")
          .withDefault(3_600_000L);
  public static final ConfigOption<String> ENCODING =
      ConfigOption.string(
          "encoding",
          "Accepted and not needed: the server itself converts every text from and to UTF-8.");

  private JdbcOptions() {}

  /**
   * {@link #CONNECTION} for a database product.
   *
   * @param jdbcUrl {@link #JDBC_URL} with the product's own parameters that may be shown
   */
  public static ConfigOption<Object> connection(ConfigOption<List<String>> jdbcUrl) {
    return ConfigOption.json(
            "connection",
            "DataX's and DataWorks' form: a list of {jdbcUrl or datasource, table, querySql}, one"
                + " element for each database.")
        .withContent(
            List.of(
                jdbcUrl,
                HOST,
                PORT,
                DATABASE,
                TABLE,
                QUERY_SQL,
                USERNAME,
                PASSWORD,
                ConfigOption.string("datasource", "A data source, which is looked up before."),
                ConfigOption.string("selectedDatabase", "Accepted and not needed.")));
  }

  /** Turns host, port and database into the URL of one database product. */
  @FunctionalInterface
  public interface UrlForm {
    String url(String host, Optional<Integer> port, String database);
  }

  /**
   * The databases that are meant, one for each element of {@code connection}, or the one that
   * jdbcUrl or host name.
   *
   * @throws MillraceException with {@link StandardError#CONFIGURATION} when none is named, or in a
   *     form that cannot be understood
   */
  public static List<JdbcSource> sources(Options options, UrlForm form) {
    String username = options.find(USERNAME).orElse("");
    String password = options.find(PASSWORD).orElse("");
    List<String> urls = topLevelUrls(options, form);
    List<String> tables = options.find(TABLE).orElse(List.of());
    List<String> querySql = options.find(QUERY_SQL).orElse(List.of());
    Object connection = options.find(CONNECTION).orElse(null);
    if (connection == null) {
      if (urls.isEmpty()) {
        throw wrong("no database is named: give a datasource, jdbcUrl, or host and database");
      }
      return List.of(new JdbcSource(new JdbcEndpoint(urls, username, password), tables, querySql));
    }
    List<?> elements = connection instanceof List<?> list ? list : List.of(connection);
    if (elements.isEmpty()) {
      throw wrong("'connection' is an empty list");
    }
    List<JdbcSource> sources = new ArrayList<>(elements.size());
    for (Object element : elements) {
      Element parsed = element(element, sources.size(), form);
      List<String> ownUrls = parsed.urls.isEmpty() ? urls : parsed.urls;
      if (ownUrls.isEmpty()) {
        throw wrong("'connection' element " + (sources.size() + 1) + " has no jdbcUrl");
      }
      sources.add(
          new JdbcSource(
              new JdbcEndpoint(
                  ownUrls,
                  Objects.requireNonNullElse(parsed.username, username),
                  Objects.requireNonNullElse(parsed.password, password)),
              parsed.tables.isEmpty() && parsed.querySql.isEmpty() ? tables : parsed.tables,
              parsed.tables.isEmpty() && parsed.querySql.isEmpty() ? querySql : parsed.querySql));
    }
    return List.copyOf(sources);
  }

  private static List<String> topLevelUrls(Options options, UrlForm form) {
    List<String> urls = options.find(JDBC_URL).orElse(List.of());
    if (!urls.isEmpty()) {
      return urls;
    }
    return options
        .find(HOST)
        .filter(host -> !host.isBlank())
        .map(
            host ->
                List.of(
                    form.url(
                        host.strip(),
                        options.find(PORT).map(Long::intValue),
                        options.find(DATABASE).orElse(""))))
        .orElse(List.of());
  }

  private record Element(
      List<String> urls,
      List<String> tables,
      List<String> querySql,
      @Nullable String username,
      @Nullable String password) {}

  private static Element element(Object raw, int index, UrlForm form) {
    if (!(raw instanceof Map<?, ?> map)) {
      throw wrong("'connection' element " + (index + 1) + " is not an object with a jdbcUrl");
    }
    List<String> urls = List.of();
    List<String> tables = List.of();
    List<String> querySql = List.of();
    String username = null;
    String password = null;
    String host = "";
    Integer port = null;
    String database = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Object value = entry.getValue();
      if (value == null) {
        continue;
      }
      switch (entry.getKey().toString().toLowerCase(Locale.ROOT)) {
        case "jdbcurl", "url" -> urls = texts(value);
        case "host" -> host = value.toString().strip();
        case "port" -> port = port(value, index);
        case "database", "schema" -> database = value.toString();
        case "table", "tables" -> tables = texts(value);
        case "querysql" -> querySql = texts(value);
        case "username", "user" -> username = value.toString();
        case "password" -> password = value.toString();
        default -> {
          // Other keys, such as a datasource that was already looked up, change no row.
        }
      }
    }
    if (urls.isEmpty() && !host.isEmpty()) {
      urls = List.of(form.url(host, Optional.ofNullable(port), database));
    }
    return new Element(urls, tables, querySql, username, password);
  }

  private static int port(Object value, int index) {
    try {
      int port = Integer.parseInt(value.toString().strip());
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw wrong("'connection' element " + (index + 1) + ": port must be 1 to 65535");
  }

  private static List<String> texts(Object value) {
    List<?> items = value instanceof List<?> list ? list : List.of(value);
    return items.stream()
        .filter(Objects::nonNull)
        .map(Object::toString)
        .filter(text -> !text.isBlank())
        .toList();
  }

  private static MillraceException wrong(String message) {
    return new MillraceException(StandardError.CONFIGURATION, message);
  }
}
