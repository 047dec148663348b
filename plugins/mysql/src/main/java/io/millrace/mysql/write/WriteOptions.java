package io.millrace.mysql.write;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.jdbc.JdbcOptions;
import io.millrace.jdbc.JdbcSource;
import io.millrace.jdbc.TableNames;
import io.millrace.mysql.connect.MySqlUrl;
import io.millrace.mysql.read.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The writer's options in their own types.
 *
 * @param source where the database is
 * @param table the one table, as the user wrote it
 * @param columns names, or one {@code *}
 * @param updateColumns what {@code update} changes; empty for every written column
 * @param skipNullColumns what {@code skipNull} is for; empty for every column
 * @param batchSize the most records in one statement; empty for a bound by bytes
 * @param generateNumbers true when the server may make up a number for NULL
 */
record WriteOptions(
    JdbcSource source,
    String table,
    List<String> columns,
    WriteMode writeMode,
    List<String> updateColumns,
    NullMode nullMode,
    List<String> skipNullColumns,
    List<String> preSql,
    List<String> postSql,
    List<String> session,
    Optional<Integer> batchSize,
    long socketTimeoutMillis,
    PublishMode publish,
    String ledgerTable,
    ZeroDate zeroDate,
    LoadMode load,
    boolean generateNumbers) {

  static final ConfigOption<List<String>> TABLE =
      ConfigOption.strings("table", "The table that is written to; a database may precede it.");
  static final ConfigOption<List<String>> COLUMN =
      ConfigOption.strings(
              "column",
              "The target's columns in the order of the source's; [\"*\"] stands for all that can"
                  + " be written, by name where the source says [\"*\"] too.")
          .withDefault(List.of("*"));
  static final ConfigOption<WriteMode> WRITE_MODE =
      ConfigOption.choice(
              "writeMode",
              WriteMode.class,
              // As DataWorks' pages call them.
              Map.of(
                  "insert into", WriteMode.INSERT,
                  "replace into", WriteMode.REPLACE,
                  "on duplicate key update", WriteMode.UPDATE),
              "What becomes of a record whose key is there: insert makes it dirty, insert ignore"
                  + " skips it, update changes the row, replace deletes the row first.")
          .withDefault(WriteMode.INSERT);
  static final ConfigOption<List<String>> UPDATE_COLUMN =
      ConfigOption.strings(
              "updateColumn", "The columns that writeMode update changes; all when not given.")
          .withDefault(List.of());
  static final ConfigOption<NullMode> NULL_MODE =
      ConfigOption.choice(
              "nullMode",
              NullMode.class,
              "writeNull writes NULL; skipNull leaves the column out, so that its default or, with"
                  + " update, its present value counts.")
          .withDefault(NullMode.WRITE_NULL);
  static final ConfigOption<List<String>> SKIP_NULL_COLUMN =
      ConfigOption.strings(
              "skipNullColumn", "The columns that skipNull is for; all when not given.")
          .withDefault(List.of());
  static final ConfigOption<List<String>> PRE_SQL =
      ConfigOption.strings(
              "preSql",
              "Statements run once before records are written, in the task's time zone, one by"
                  + " one; @table stands for the table. With publish swap or append they run against the shadow"
                  + " table.")
          .withDefault(List.of());
  static final ConfigOption<List<String>> POST_SQL =
      ConfigOption.strings(
              "postSql",
              "Statements run once after all records are visible, in the task's time zone; @table"
                  + " stands for the table.")
          .withDefault(List.of());
  static final ConfigOption<Long> BATCH_SIZE =
      ConfigOption.integer(
          "batchSize",
          1,
          100_000,
          "The most records in one INSERT, where LOAD DATA is not used; bounded by bytes when not"
              + " given.");
  static final ConfigOption<PublishMode> PUBLISH =
      ConfigOption.choice(
              "publish",
              PublishMode.class,
              "direct: records are visible with their split's commit; swap: all at once in the end,"
                  + " replacing the table's content; append: all at once in the end, added to it.")
          .withDefault(PublishMode.DIRECT);
  static final ConfigOption<String> LEDGER_TABLE =
      ConfigOption.string(
              "ledgerTable",
              "The small table beside the target that makes every split count exactly once; created"
                  + " when it is not there.")
          .withDefault("millrace_ledger");
  static final ConfigOption<ZeroDate> ZERO_DATE =
      ConfigOption.choice(
              "zeroDate",
              ZeroDate.class,
              "What becomes of dates such as 0000-00-00: keep writes them, null writes NULL, dirty"
                  + " makes their records dirty.")
          .withDefault(ZeroDate.KEEP);
  static final ConfigOption<LoadMode> LOAD =
      ConfigOption.choice(
              "load",
              LoadMode.class,
              "auto uses LOAD DATA LOCAL INFILE where the server allows it, never does not.")
          .withDefault(LoadMode.AUTO);

  static final ConfigOption<Boolean> GENERATE_NUMBERS =
      ConfigOption.bool(
              "generateNumbers",
              "true lets the server make up a number for NULL in an AUTO_INCREMENT column, with"
                  + " writeMode insert; without it such a record is dirty.")
          .withDefault(false);

  static List<ConfigOption<?>> declared() {
    List<ConfigOption<?>> options = new ArrayList<>();
    options.add(MySqlUrl.JDBC_URL);
    options.add(JdbcOptions.HOST);
    options.add(JdbcOptions.PORT);
    options.add(JdbcOptions.DATABASE);
    options.add(JdbcOptions.USERNAME);
    options.add(JdbcOptions.PASSWORD);
    options.add(MySqlUrl.CONNECTION);
    options.add(TABLE);
    options.add(COLUMN);
    options.add(WRITE_MODE);
    options.add(UPDATE_COLUMN);
    options.add(NULL_MODE);
    options.add(SKIP_NULL_COLUMN);
    options.add(PRE_SQL);
    options.add(POST_SQL);
    options.add(JdbcOptions.SESSION);
    options.add(BATCH_SIZE);
    options.add(PUBLISH);
    options.add(LEDGER_TABLE);
    options.add(ZERO_DATE);
    options.add(LOAD);
    options.add(GENERATE_NUMBERS);
    options.add(JdbcOptions.ENCODING);
    options.add(JdbcOptions.SOCKET_TIMEOUT);
    return List.copyOf(options);
  }

  static WriteOptions from(Options options, JdbcOptions.UrlForm urlForm) {
    List<JdbcSource> sources = JdbcOptions.sources(options, urlForm);
    if (sources.size() != 1) {
      throw wrong("a writer has one target, 'connection' names " + sources.size());
    }
    JdbcSource source = sources.get(0);
    List<String> named =
        source.tables().isEmpty() ? options.find(TABLE).orElse(List.of()) : source.tables();
    List<String> tables = TableNames.expand(named);
    if (tables.size() != 1) {
      throw wrong(
          tables.isEmpty()
              ? "option 'table' is missing: name the table to write to"
              : "a writer has one target table, 'table' stands for " + tables.size());
    }
    WriteOptions result =
        new WriteOptions(
            source,
            tables.get(0),
            options.get(COLUMN),
            options.get(WRITE_MODE),
            options.get(UPDATE_COLUMN),
            options.get(NULL_MODE),
            options.get(SKIP_NULL_COLUMN),
            statements(options.get(PRE_SQL)),
            statements(options.get(POST_SQL)),
            statements(options.find(JdbcOptions.SESSION).orElse(List.of())),
            options.find(BATCH_SIZE).map(Long::intValue),
            options.get(JdbcOptions.SOCKET_TIMEOUT),
            options.get(PUBLISH),
            options.get(LEDGER_TABLE),
            options.get(ZERO_DATE),
            options.get(LOAD),
            options.get(GENERATE_NUMBERS));
    if (!result.updateColumns.isEmpty() && result.writeMode != WriteMode.UPDATE) {
      throw wrong("'updateColumn' is for writeMode update; remove it or set writeMode");
    }
    if (result.generateNumbers && result.writeMode != WriteMode.INSERT) {
      // A record that has such a number would change or replace the one it was made up for.
      throw wrong(
          "'generateNumbers' is for writeMode insert: with any other a generated number may be the"
              + " key of another record, which would then be lost; remove it, or fill the column"
              + " in the source");
    }
    if (result.writeMode == WriteMode.INSERT_IGNORE && result.publish == PublishMode.APPEND) {
      throw wrong(
          "publish: append moves all records by one statement and cannot skip those whose key is"
              + " in the table; use publish: direct, or another writeMode");
    }
    if (!result.skipNullColumns.isEmpty() && result.nullMode != NullMode.SKIP_NULL) {
      throw wrong("'skipNullColumn' is for nullMode skipNull; remove it or set nullMode");
    }
    return result;
  }

  private static List<String> statements(List<String> given) {
    return given.stream().flatMap(text -> SqlText.statements(text).stream()).toList();
  }

  private static MillraceException wrong(String message) {
    return new MillraceException(StandardError.CONFIGURATION, message);
  }
}
