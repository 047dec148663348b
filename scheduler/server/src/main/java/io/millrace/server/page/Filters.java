package io.millrace.server.page;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Collects the conditions of a list. Columns are words of our own code; what clients give is only
 * ever bound. Not thread-safe.
 */
public final class Filters {

  private final StringBuilder sql = new StringBuilder("1 = 1");
  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Rows with this value; all when it is empty. */
  public Filters equal(String column, Optional<?> value) {
    value.ifPresent(
        wanted -> sql.append(" AND ").append(column).append(" = ").append(bind(wanted)));
    return this;
  }

  /** Rows with one of these; all when there is none. */
  public Filters oneOf(String column, Collection<? extends Enum<?>> wanted) {
    if (!wanted.isEmpty()) {
      List<String> names = wanted.stream().map(value -> bind(value.name())).toList();
      sql.append(" AND ")
          .append(column)
          .append(" IN (")
          .append(String.join(", ", names))
          .append(')');
    }
    return this;
  }

  /** Rows from this value on. */
  public Filters from(String column, Optional<?> least) {
    least.ifPresent(value -> sql.append(" AND ").append(column).append(" >= ").append(bind(value)));
    return this;
  }

  /** Rows before this value. */
  public Filters before(String column, Optional<?> end) {
    end.ifPresent(value -> sql.append(" AND ").append(column).append(" < ").append(bind(value)));
    return this;
  }

  /** Rows that hold this text, upper and lower case alike. */
  public Filters contains(String column, Optional<String> text) {
    text.ifPresent(
        part ->
            sql.append(" AND LOWER(")
                .append(column)
                .append(") LIKE ")
                .append(bind('%' + literal(part.toLowerCase(Locale.ROOT)) + '%'))
                .append(" ESCAPE '!'"));
    return this;
  }

  private static String literal(String text) {
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
  }

  private String bind(Object value) {
    String name = "filter" + values.size();
    values.put(name, value);
    return ":" + name;
  }

  /** The condition, to stand after WHERE. */
  public String condition() {
    return sql.toString();
  }

  /** Binds the values. */
  public <S extends SqlStatement<S>> S bind(S statement) {
    values.forEach(statement::bind);
    return statement;
  }
}
