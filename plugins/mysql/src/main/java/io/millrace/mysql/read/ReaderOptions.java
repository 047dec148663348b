package io.millrace.mysql.read;

import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.jdbc.JdbcOptions;
import io.millrace.jdbc.JdbcSource;
import io.millrace.mysql.connect.MySqlUrl;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a task says about reading.
 *
 * @param sources the databases, with their tables or statements
 * @param columns names, {@code *}, constants and expressions; at least one
 * @param where a condition, or empty
 * @param splitPk the column to cut tables by, or empty
 * @param splitFactor splits for each channel
 * @param maxSplitBytes size above which a table gets more splits
 * @param session the user's own session statements
 * @param socketTimeoutMillis milliseconds without an answer after which reading fails; 0 for none
 */
public record ReaderOptions(
    List<JdbcSource> sources,
    List<String> columns,
    String where,
    String splitPk,
    int splitFactor,
    long maxSplitBytes,
    List<String> session,
    long socketTimeoutMillis) {

  static final ConfigOption<List<String>> COLUMN =
      ConfigOption.strings(
              "column",
              "The columns in order: names, * for all, constants ('x', 1, null), expressions.")
          .withAliases("columns")
          .withDefault(List.of("*"));
  static final ConfigOption<String> WHERE =
      ConfigOption.string(
          "where", "A condition that the rows must meet, evaluated in the task's zone.");
  static final ConfigOption<String> SPLIT_PK =
      ConfigOption.string(
          "splitPk",
          "The integer column by which tables are cut into splits that are read at once; use the"
              + " primary key. Without one, a table is read by one channel.");
  static final ConfigOption<Long> SPLIT_FACTOR =
      ConfigOption.integer(
              "splitFactor", 1, 100, "A table is cut into concurrent × splitFactor splits.")
          .withDefault(5L);
  static final ConfigOption<Long> MAX_SPLIT_BYTES =
      ConfigOption.integer(
              "maxSplitBytes",
              1 << 20,
              Long.MAX_VALUE,
              "Size in bytes above which a table is cut into more splits: what is done again after a"
                  + " failure.")
          .withDefault(256L << 20);

  private static final Pattern PLAIN_NAME = Pattern.compile("[\\w$`* ]+");

  /** Words that look like names and are the session's time. */
  private static final Set<String> CLOCKS =
      Set.of("current_timestamp", "current_date", "current_time", "localtime", "localtimestamp");

  /** True when the task may hold SQL whose meaning depends on the session's zone. */
  boolean hasOwnSql() {
    return !where.isEmpty()
        || sources.stream().anyMatch(source -> !source.querySql().isEmpty())
        || columns.stream()
            .anyMatch(
                column ->
                    !PLAIN_NAME.matcher(column).matches()
                        || CLOCKS.contains(column.strip().toLowerCase(Locale.ROOT)));
  }

  /** Every option in the order documentation shows them. */
  static List<ConfigOption<?>> declared() {
    return List.of(
        MySqlUrl.JDBC_URL,
        JdbcOptions.HOST,
        JdbcOptions.PORT,
        JdbcOptions.DATABASE,
        JdbcOptions.USERNAME,
        JdbcOptions.PASSWORD,
        JdbcOptions.TABLE,
        COLUMN,
        WHERE,
        SPLIT_PK,
        SPLIT_FACTOR,
        MAX_SPLIT_BYTES,
        JdbcOptions.QUERY_SQL,
        MySqlUrl.CONNECTION,
        JdbcOptions.SESSION,
        JdbcOptions.SOCKET_TIMEOUT,
        JdbcOptions.ENCODING);
  }

  static ReaderOptions of(Options options) {
    List<String> columns = options.get(COLUMN).stream().filter(text -> !text.isBlank()).toList();
    return new ReaderOptions(
        MySqlUrl.sources(options),
        columns.isEmpty() ? List.of("*") : columns,
        SqlText.withoutEnd(options.find(WHERE).orElse("")),
        options.find(SPLIT_PK).orElse("").strip(),
        Math.toIntExact(options.get(SPLIT_FACTOR)),
        options.get(MAX_SPLIT_BYTES),
        options.find(JdbcOptions.SESSION).orElse(List.of()),
        options.get(JdbcOptions.SOCKET_TIMEOUT));
  }
}
