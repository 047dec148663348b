package io.millrace.mysql.read;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Schema;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is read: tables or statements, and the columns all of them give.
 *
 * @param tables in the order they were named; empty when statements are read
 * @param queries in the order they were given; empty when tables are read
 */
record Targets(Schema schema, List<TableTarget> tables, List<QueryTarget> queries) {

  Targets {
    tables = List.copyOf(tables);
    queries = List.copyOf(queries);
  }

  /**
   * The columns whose instants the server makes from the wall clock of the session's zone, because
   * they are no columns of a table.
   */
  int[] wallClocks() {
    return IntStream.range(0, schema.size())
        .filter(i -> schema.field(i).type() == ColumnType.TIMESTAMP)
        .filter(
            i ->
                queries.stream().anyMatch(query -> query.wallClocks().contains(i))
                    || tables.stream()
                        .anyMatch(
                            table -> table.table().view() || table.items().get(i).isExpression()))
        .toArray();
  }

  /** True when SQL of the user or of a view is run, whose meaning may depend on the time. */
  boolean hasOwnSql() {
    return !queries.isEmpty()
        || tables.stream()
            .anyMatch(
                table ->
                    table.table().view()
                        || !table.where().isEmpty()
                        || table.items().stream().anyMatch(SelectItem::isExpression));
  }

  /** True when SQL of the user names the time. */
  boolean readsClock() {
    return queries.stream().anyMatch(query -> RowExpressions.readsClock(query.sql()))
        || tables.stream()
            .anyMatch(
                table ->
                    RowExpressions.readsClock(table.where())
                        || table.items().stream()
                            .filter(SelectItem::isExpression)
                            .anyMatch(item -> RowExpressions.readsClock(item.source())));
  }
}
