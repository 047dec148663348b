package io.millrace.mysql.read;

import io.millrace.api.Counted;
import io.millrace.api.Sensitive;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.Nearest;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.jdbc.Identifiers;
import io.millrace.jdbc.JdbcSource;
import io.millrace.jdbc.TableNames;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.connect.MySqlErrors;
import io.millrace.mysql.type.MySqlColumn;
import io.millrace.mysql.type.MySqlTable;
import io.millrace.mysql.type.MySqlTypes;
import io.millrace.mysql.type.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds out what a task's options mean on the servers they name. */
final class TargetResolver {

  private final ReaderOptions options;
  private final Connections connections;
  private final StageContext context;

  /** What {@code *} stands for in the first table that is read, and which table that is. */
  private List<MySqlColumn> firstStar = List.of();

  private String firstTable = "";
  private final Set<String> generated = new LinkedHashSet<>();
  private final Set<String> hidden = new LinkedHashSet<>();

  TargetResolver(ReaderOptions options, Connections connections, StageContext context) {
    this.options = options;
    this.connections = connections;
    this.context = context;
  }

  /**
   * Looks everything up. Blocks on the servers; changes nothing.
   *
   * @throws MillraceException when a table is missing, a column cannot be carried, or several
   *     tables have different layouts
   */
  Targets resolve() {
    boolean queries = options.sources().stream().anyMatch(source -> !source.querySql().isEmpty());
    if (!queries) {
      String problem = SqlText.problem(options.where());
      if (!problem.isEmpty()) {
        throw new MillraceException(
            StandardError.CONFIGURATION, "option 'where' cannot be used: " + problem);
      }
    }
    List<TableTarget> tables = new ArrayList<>();
    List<QueryTarget> statements = new ArrayList<>();
    for (int i = 0; i < options.sources().size(); i++) {
      JdbcSource source = options.sources().get(i);
      if (queries ? source.querySql().isEmpty() : source.tables().isEmpty()) {
        throw new MillraceException(
            StandardError.CONFIGURATION,
            queries
                ? "option 'querySql' must be given for every connection, or for none"
                : "option 'table' is missing: name what to read, or give 'querySql'");
      }
      resolve(i, source, queries, tables, statements);
    }
    Schema schema =
        JsonLook.told(queries ? commonQuerySchema(statements) : commonTableSchema(tables), tables);
    boolean zeros =
        IntStream.range(0, options.sources().size())
            .anyMatch(i -> connections.source(i).nullForZeroDate());
    if (zeros) {
      schema = new Schema(schema.fields().stream().map(TargetResolver::nullableDate).toList());
      context
          .log()
          .info("zeroDateTimeBehavior=convertToNull: dates such as 0000-00-00 are read as NULL");
    }
    if (!queries && options.columns().size() == 1 && isStar(options.columns().get(0))) {
      schema = schema.withStar(new Schema.Star(List.copyOf(generated), List.copyOf(hidden)));
    }
    return new Targets(schema, tables, statements);
  }

  private static Field nullableDate(Field field) {
    return switch (field.type()) {
      case DATE, DATETIME, TIMESTAMP -> field.withNullable(true);
      default -> field;
    };
  }

  private void resolve(
      int index,
      JdbcSource source,
      boolean queries,
      List<TableTarget> tables,
      List<QueryTarget> statements) {
    MySqlConnection connection = connections.borrow(index, context);
    boolean usable = false;
    try (var registration = connection.abortOn(context.cancellation())) {
      if (queries) {
        for (String sql : source.querySql()) {
          statements.add(query(index, connection, sql));
        }
      } else {
        for (String name : TableNames.expand(source.tables())) {
          tables.add(table(index, connection, found(index, connection, name)));
        }
      }
      usable = true;
    } finally {
      if (usable) {
        connections.giveBack(index, connection);
      } else {
        connection.abort();
        context.cancellation().throwIfCancelled();
      }
    }
  }

  /**
   * A table that is there.
   *
   * @param text how the task names it
   */
  private record Found(MySqlTable table, TableText text) {

    String from() {
      return text.from(table.name().quoted());
    }

    /** True for what may stand before the dot of a column. */
    boolean isQualifier(String name) {
      return text.alias().isEmpty()
          ? name.equalsIgnoreCase(table.name().name())
          : name.equalsIgnoreCase(text.alias());
    }

    boolean isName(String name) {
      return table.column(name).isPresent() || isQualifier(name);
    }
  }

  /** A key that is misspelled would have the table read by one channel, and nobody would see it. */
  private void requireSplitPk(MySqlTable table) {
    String key = Identifiers.BACKTICK.unquote(options.splitPk());
    if (!key.isEmpty()
        && table.column(key).isEmpty()
        && table.column(options.splitPk()).isEmpty()) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "splitPk: "
              + table.name()
              + " has no column '"
              + Sensitive.name(key)
              + "'"
              + Nearest.hint(key, table.columns().stream().map(MySqlColumn::name).toList())
              + "; name its integer primary key, or leave splitPk out");
    }
  }

  private TableTarget table(int index, MySqlConnection connection, Found found) {
    MySqlTable table = found.table();
    requireSplitPk(table);
    ColumnResolver.Selection selection =
        new ColumnResolver(
                connection, table, found.from(), found::isQualifier, () -> star(connection, table))
            .resolve(options.columns());
    return new TableTarget(
        index,
        table,
        found.from(),
        found.text().hints(),
        selection.items(),
        options.where(),
        selection.distinct(),
        undivided(connection, found, selection));
  }

  private static boolean isStar(String column) {
    String text = column.strip();
    return text.endsWith("*")
        && (text.length() == 1
            || text.substring(0, text.length() - 1).strip().equalsIgnoreCase("DISTINCT"));
  }

  /**
   * What {@code *} stands for. The server is asked, because its description of a table leaves out
   * columns that the account may not read. Of several tables the same columns are meant, by name.
   */
  private List<MySqlColumn> star(MySqlConnection connection, MySqlTable table) {
    List<MySqlColumn> star = new ArrayList<>();
    try {
      for (com.mysql.cj.result.Field field :
          Probe.columns(connection, "SELECT * FROM " + table.name().quoted())) {
        table.column(field.getName()).ifPresent(star::add);
      }
    } catch (SQLException e) {
      throw MySqlErrors.translate(
          e,
          MySqlErrors.Doing.READING,
          "column '*' stands for all columns of "
              + table.name()
              + ", which the server refuses; list those that may be read");
    }
    table.columns().stream()
        .filter(column -> !star.contains(column))
        .forEach(column -> hidden.add(column.name()));
    if (firstTable.isEmpty()) {
      firstStar = List.copyOf(star);
      firstTable = table.name().toString();
      star.stream().filter(MySqlColumn::generated).forEach(column -> generated.add(column.name()));
      return star;
    }
    return asInTheFirst(star, table.name().toString());
  }

  /** The columns in the order of the first table's, which have the same names. */
  private List<MySqlColumn> asInTheFirst(List<MySqlColumn> star, String table) {
    Map<String, MySqlColumn> byName = new LinkedHashMap<>();
    star.forEach(column -> byName.put(column.name().toLowerCase(Locale.ROOT), column));
    List<MySqlColumn> ordered = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (MySqlColumn first : firstStar) {
      MySqlColumn found = byName.remove(first.name().toLowerCase(Locale.ROOT));
      if (found == null) {
        missing.add(first.name());
      } else {
        ordered.add(found);
        if (found.generated()) {
          generated.add(first.name());
        }
      }
    }
    List<String> more = byName.values().stream().map(MySqlColumn::name).toList();
    if (!missing.isEmpty() || !more.isEmpty()) {
      throw different(
          onlyIn(firstTable, missing)
              + (missing.isEmpty() || more.isEmpty() ? "" : " and ")
              + onlyIn(table, more)
              + "; '*' matches columns by name, so list the columns instead");
    }
    return ordered;
  }

  private static String onlyIn(String table, List<String> names) {
    return names.isEmpty() ? "" : "only " + table + " has " + String.join(", ", names);
  }

  /** Why one statement has to read the whole table; empty when it may be cut. */
  private String undivided(
      MySqlConnection connection, Found table, ColumnResolver.Selection selection) {
    if (selection.distinct()) {
      return "distinct in 'column'";
    }
    boolean backslashes = backslashes(connection, table.table(), selection);
    for (SelectItem item : selection.items()) {
      String found = item.isExpression() ? dependence(item.source(), backslashes, table) : "";
      if (!found.isEmpty()) {
        return found + " in column '" + item.field().name() + "'";
      }
    }
    String found = dependence(options.where(), backslashes, table);
    return found.isEmpty() ? "" : found + " in 'where'";
  }

  private static String dependence(String sql, boolean backslashes, Found table) {
    return RowExpressions.dependence(sql, backslashes, table::isName);
  }

  /** False where the server takes a backslash in a string for itself; asked where there is one. */
  private boolean backslashes(
      MySqlConnection connection, MySqlTable table, ColumnResolver.Selection selection) {
    if (options.where().indexOf('\\') < 0
        && selection.items().stream().noneMatch(item -> item.source().indexOf('\\') >= 0)) {
      return true;
    }
    try (Statement statement = connection.statement();
        ResultSet row = statement.executeQuery("SELECT @@SESSION.sql_mode")) {
      return row.next() && !String.valueOf(row.getString(1)).contains("NO_BACKSLASH_ESCAPES");
    } catch (SQLException e) {
      throw MySqlErrors.translate(e, MySqlErrors.Doing.READING, "table " + table.name());
    }
  }

  private Found found(int index, MySqlConnection connection, String text) {
    List<TableText> readings = new ArrayList<>(List.of(TableText.ofName(text)));
    TableText.parse(text).filter(parsed -> !readings.contains(parsed)).ifPresent(readings::add);
    try {
      for (TableText reading : readings) {
        for (TableName candidate : candidates(index, reading.name())) {
          Optional<MySqlTable> table = MySqlTable.find(connection.jdbc(), candidate);
          if (table.isPresent()) {
            return new Found(table.get(), reading);
          }
        }
      }
    } catch (SQLException e) {
      throw MySqlErrors.translate(
          e, MySqlErrors.Doing.READING, "table '" + Sensitive.name(text) + "'");
    }
    throw new MillraceException(
        StandardError.READ_REFUSED,
        "there is no table '"
            + Sensitive.name(text)
            + "' at "
            + connections.source(index).display()
            + ", or the account may not read it; check the name and the account's privileges"
            + (readings.size() == 1 && SqlText.tokens(text, true).size() > 3
                ? ". Anything but one table with its partitions, alias and index hints needs a"
                    + " querySql"
                : ""));
  }

  /** What a name may mean: {@code a.b} is table b of database a, or a table with an odd name. */
  private List<TableName> candidates(int index, String text) {
    List<TableName> candidates = new ArrayList<>();
    String database = connections.source(index).database();
    List<String> parts = SqlNames.parts(text);
    if (parts.size() == 2) {
      candidates.add(new TableName(parts.get(0), parts.get(1)));
    }
    if (!database.isEmpty()) {
      candidates.add(new TableName(database, parts.size() == 1 ? parts.get(0) : text));
    } else if (parts.size() != 2) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "table '" + text + "' needs a database: name one in the jdbcUrl or as database.table");
    }
    return candidates;
  }

  private QueryTarget query(int index, MySqlConnection connection, String text) {
    String sql = SqlText.withoutEnd(text);
    boolean call =
        SqlText.tokens(sql, true).stream()
            .filter(token -> !token.is('(') && !token.is('{'))
            .findFirst()
            .filter(token -> token.text().equalsIgnoreCase("CALL"))
            .isPresent();
    if (call) {
      throw new MillraceException(
          StandardError.READ_REFUSED,
          "querySql calls a procedure, which is not supported, because the columns it gives are"
              + " not known before it runs: write its SELECT as querySql, or have the procedure"
              + " fill a table and read that. Statement: "
              + Sensitive.mark(sql));
    }
    List<com.mysql.cj.result.Field> columns = columns(connection, sql);
    List<Field> fields = fields(columns);
    if (fields.stream().noneMatch(SelectItem::needsExactForm)) {
      return new QueryTarget(index, sql, declared(fields, columns), Set.of());
    }
    String wrapped = wrapped(sql, fields);
    columns(connection, wrapped);
    context
        .log()
        .info(
            "querySql has TIMESTAMP or FLOAT columns; it is run as a derived table so that they are"
                + " read exactly: "
                + Sensitive.mark(wrapped));
    return new QueryTarget(
        index, wrapped, declared(fields, columns), wallClocks(connection, columns));
  }

  /**
   * The fields, where those that are no column of a table say that nobody declared their digits.
   * Only a column of a table has a database: MySQL gives one of a derived table a name, MariaDB
   * even a table, whatever it is made of.
   */
  private static List<Field> declared(List<Field> fields, List<com.mysql.cj.result.Field> columns) {
    List<Field> declared = new ArrayList<>(fields.size());
    for (int i = 0; i < fields.size(); i++) {
      boolean computed = isComputed(columns.get(i));
      declared.add(computed ? SelectItem.computed(fields.get(i)) : fields.get(i));
    }
    return declared;
  }

  private static boolean isComputed(com.mysql.cj.result.Field column) {
    return column.getDatabaseName() == null || column.getDatabaseName().isEmpty();
  }

  /** MariaDB finds the table's own column through a derived table, MySQL does not. */
  private static Set<Integer> wallClocks(
      MySqlConnection connection, List<com.mysql.cj.result.Field> columns) {
    boolean mariaDb = connection.server().version().mariaDb();
    return IntStream.range(0, columns.size())
        .filter(i -> !mariaDb || isComputed(columns.get(i)))
        .boxed()
        .collect(Collectors.toSet());
  }

  private static List<com.mysql.cj.result.Field> columns(MySqlConnection connection, String sql) {
    List<com.mysql.cj.result.Field> columns;
    try {
      columns = Probe.columns(connection, sql);
    } catch (SQLException e) {
      throw MySqlErrors.translate(
          e, MySqlErrors.Doing.READING, "querySql '" + Sensitive.mark(sql) + "'");
    }
    if (columns.isEmpty()) {
      throw new MillraceException(
          StandardError.READ_REFUSED, "querySql '" + Sensitive.mark(sql) + "' gives no result");
    }
    return columns;
  }

  private static List<Field> fields(List<com.mysql.cj.result.Field> columns) {
    List<Field> fields = new ArrayList<>(columns.size());
    for (com.mysql.cj.result.Field column : columns) {
      fields.add(
          MySqlTypes.field(column)
              .orElseThrow(
                  () ->
                      MySqlTypes.unsupported(
                          column.getName(),
                          column.getMysqlType().getName().toLowerCase(Locale.ROOT))));
    }
    return fields;
  }

  /**
   * The statement as a derived table, whose TIMESTAMP and FLOAT columns are asked for in their
   * exact form. The rows stay the same, ORDER BY with LIMIT included; their order may not.
   */
  private static String wrapped(String sql, List<Field> fields) {
    String inexact =
        fields.stream()
            .filter(SelectItem::needsExactForm)
            .map(field -> "'" + field.name() + "'")
            .collect(Collectors.joining(", "));
    long names =
        fields.stream().map(field -> field.name().toLowerCase(Locale.ROOT)).distinct().count();
    boolean nameless = fields.stream().anyMatch(field -> field.name().isBlank());
    if (!SqlText.isQuery(sql) || nameless || names < fields.size()) {
      throw new MillraceException(
          StandardError.READ_REFUSED,
          "querySql cannot be read exactly: its TIMESTAMP or FLOAT columns "
              + inexact
              + " need a SELECT whose columns have different names; give each column an alias of"
              + " its own, or select UNIX_TIMESTAMP(column), or column * 1e0");
    }
    return fields.stream()
        .map(field -> derivedColumn(field))
        .collect(Collectors.joining(", ", "SELECT ", " FROM (\n" + sql + "\n) AS millrace_query"));
  }

  private static String derivedColumn(Field field) {
    String quoted = Identifiers.BACKTICK.quote(field.name());
    return SelectItem.exact(quoted, field);
  }

  private static Schema commonTableSchema(List<TableTarget> tables) {
    TableTarget first = tables.get(0);
    List<Field> fields = first.items().stream().map(SelectItem::field).toList();
    for (TableTarget other : tables) {
      List<Field> others = other.items().stream().map(SelectItem::field).toList();
      fields =
          common(fields, others, first.table().name().toString(), other.table().name().toString());
    }
    return new Schema(fields);
  }

  private static Schema commonQuerySchema(List<QueryTarget> queries) {
    List<Field> fields = queries.get(0).fields();
    for (int i = 1; i < queries.size(); i++) {
      refuseOtherOrder(fields, queries.get(i).fields(), i + 1);
      fields = common(fields, queries.get(i).fields(), "querySql 1", "querySql " + (i + 1));
    }
    return new Schema(fields);
  }

  /** The same names in another order are columns that would be put into each other's places. */
  private static void refuseOtherOrder(List<Field> fields, List<Field> others, int statement) {
    List<String> names = lowerNames(fields);
    List<String> otherNames = lowerNames(others);
    if (!names.equals(otherNames)
        && names.size() == otherNames.size()
        && Set.copyOf(names).size() == names.size()
        && Set.copyOf(names).equals(Set.copyOf(otherNames))) {
      throw different(
          "querySql "
              + statement
              + " gives the columns of querySql 1 in another order ("
              + String.join(", ", otherNames)
              + " instead of "
              + String.join(", ", names)
              + "); select them in one order");
    }
  }

  private static List<String> lowerNames(List<Field> fields) {
    return fields.stream().map(field -> field.name().toLowerCase(Locale.ROOT)).toList();
  }

  /** The fields both give; NULL may come from either. */
  private static List<Field> common(
      List<Field> fields, List<Field> others, String first, String second) {
    if (fields.size() != others.size()) {
      throw different(
          first
              + " has "
              + Counted.of(fields.size(), "column", "columns")
              + ", "
              + second
              + " has "
              + others.size());
    }
    List<Field> common = new ArrayList<>(fields.size());
    for (int i = 0; i < fields.size(); i++) {
      Field a = fields.get(i);
      Field b = others.get(i);
      boolean same =
          a.type() == b.type()
              && a.bits() == b.bits()
              && a.unsigned() == b.unsigned()
              && a.precision() == b.precision()
              && a.scale() == b.scale()
              && a.maxLength() == b.maxLength()
              && ValueForm.of(a) == ValueForm.of(b)
              && SelectItem.needsExactForm(a) == SelectItem.needsExactForm(b);
      if (!same) {
        throw different(
            "column "
                + (i + 1)
                + " is "
                + a.name()
                + " "
                + a.nativeType()
                + " in "
                + first
                + " and "
                + b.name()
                + " "
                + b.nativeType()
                + " in "
                + second);
      }
      common.add(a.withNullable(a.nullable() || b.nullable()));
    }
    return common;
  }

  private static MillraceException different(String how) {
    return new MillraceException(
        StandardError.CONFIGURATION,
        "what is read together must have the same columns, but " + how);
  }
}
