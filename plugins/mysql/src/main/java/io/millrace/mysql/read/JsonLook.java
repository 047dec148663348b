package io.millrace.mysql.read;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.mysql.connect.ServerVersion;
import io.millrace.mysql.type.MySqlTypes;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Has the server look for what a MySQL JSON column may hold and JSON has no form for: dates, times,
 * bytes and, apart from doubles, DECIMALs. The text that is read does not show them, so the JSON
 * column of another MySQL would keep strings and doubles in their place.
 *
 * @param columns the columns that go from such a column into such a column
 * @param operands what each of them is in the statement
 * @param decimals true when a DECIMAL is looked for as well
 */
record JsonLook(int[] columns, List<String> operands, boolean decimals) {

  /** Behind a row: the document holds a DECIMAL, and nothing else that JSON has no form for. */
  static final int DECIMAL = 0;

  private static final String TYPES =
      "'OBJECT', 'ARRAY', 'BOOLEAN', 'NULL', 'INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'STRING'";

  JsonLook {
    operands = List.copyOf(operands);
  }

  /**
   * What to look at in the rows of a task's tables: all documents but those that {@link #told} says
   * are seen as text only.
   *
   * @param target the target's columns, or null when nothing is written
   * @param decimals true when a DECIMAL is looked for as well
   */
  static JsonLook of(Targets source, @Nullable Schema target, boolean decimals) {
    if (target == null || source.tables().isEmpty()) {
      return new JsonLook(new int[0], List.of(), decimals);
    }
    int[] columns =
        IntStream.range(0, source.schema().size())
            .filter(i -> isJson(source.schema().field(i)) && isJson(target.field(i)))
            .toArray();
    List<SelectItem> items = source.tables().get(0).items();
    List<String> operands =
        IntStream.of(columns).mapToObj(column -> items.get(column).source()).toList();
    return new JsonLook(columns, operands, decimals);
  }

  /** MariaDB's JSON is a text. */
  private static boolean isJson(Field field) {
    return MySqlTypes.JSON.equals(field.nativeType());
  }

  /**
   * The columns with the word which documents cannot be looked at, so that the writer sees what it
   * can in their text: those of statements of the user, and of expressions that do not depend on
   * their row alone, for an expression is evaluated a second time.
   *
   * @param tables that are read; empty when statements are
   */
  static Schema told(Schema schema, List<TableTarget> tables) {
    boolean rowByRow = tables.stream().allMatch(table -> table.undivided().isEmpty());
    List<Field> fields =
        IntStream.range(0, schema.size())
            .mapToObj(
                i -> {
                  Field field = schema.field(i);
                  boolean unseen =
                      tables.isEmpty()
                          || (!rowByRow && tables.get(0).items().get(i).isExpression());
                  return unseen && isJson(field)
                      ? field.withNativeType(MySqlTypes.JSON_AS_TEXT)
                      : field;
                })
            .toList();
    return new Schema(fields);
  }

  /**
   * The statement of a split with the look behind each row: NULL where all is JSON, {@link
   * #DECIMAL}, or another number.
   */
  String in(ReadSplit split, ServerVersion server) {
    if (columns.length == 0) {
      return split.sql();
    }
    if (split.list() == 0) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "split "
              + split.id()
              + " was planned by an earlier version, which does not look into JSON documents; run"
              + " the task anew instead of resuming it");
    }
    String list = split.sql().substring(0, split.list());
    boolean hasTables = server.isMySqlFrom(8, 0, 4);
    if (hasTables && !server.isMySqlFrom(8, 0, 27)) {
      // Each document needs a table of its own, which the default engine makes far too slowly.
      list =
          "SELECT /*+ SET_VAR(internal_tmp_mem_storage_engine = MEMORY) */"
              + list.substring("SELECT".length());
    }
    return operands.stream()
        .map(operand -> hasTables ? sql(operand) : oldSql(operand))
        .collect(Collectors.joining(", ", list + ", ", split.sql().substring(split.list())));
  }

  /** The document is JSON as a whole when it is the same after its way through a text. */
  private static String comesBack(String operand) {
    return "CAST(CAST(" + operand + " AS CHAR) AS JSON) = " + operand;
  }

  /** A comparison takes a DECIMAL for the double of the same value, so these are not found. */
  private static String oldSql(String operand) {
    return "IF(" + operand + " IS NULL OR " + comesBack(operand) + ", NULL, 1)";
  }

  /**
   * Taking a document apart is dear, so it is done only where something was found or, for a
   * DECIMAL, there is a point. One without a point becomes an integer, which is exact; what is too
   * large for one shows in the text.
   */
  private String sql(String operand) {
    String point = decimals ? "LOCATE('.', CAST(" + operand + " AS BINARY)) = 0 AND " : "";
    return "IF("
        + operand
        + " IS NULL OR ("
        + point
        + comesBack(operand)
        + "), NULL, (SELECT MAX(JSON_TYPE(millrace_value) <> 'DECIMAL') FROM JSON_TABLE(JSON_EXTRACT("
        + operand
        + ", '$', '$**.*', '$**[*]'), '$[*]' COLUMNS (millrace_value JSON PATH '$'))"
        + " AS millrace_document WHERE JSON_TYPE(millrace_value) NOT IN ("
        + TYPES
        + (decimals
            ? ") AND (JSON_TYPE(millrace_value) <> 'DECIMAL'"
                + " OR LOCATE('.', CAST(millrace_value AS BINARY)) > 0)))"
            : ", 'DECIMAL')))");
  }
}
