package io.millrace.mysql.read;

import io.millrace.api.record.Schema;
import java.util.List;

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
