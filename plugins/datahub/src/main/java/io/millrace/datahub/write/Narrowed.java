package io.millrace.datahub.write;

import com.aliyun.datahub.client.model.Field;
import io.millrace.api.Counted;
import io.millrace.api.Narrowing;
import io.millrace.api.Sensitive;
import io.millrace.api.StageContext;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Schema;
import io.millrace.hubs.HubOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Which values the topic takes only after they were changed, and how many were. Thread-safe. */
final class Narrowed {

  /** What a double holds of a decimal's digits in any case, and what a float does. */
  private static final int DOUBLE_DIGITS = 15;

  private static final int FLOAT_DIGITS = 6;

  private final Map<String, Long> counts = new ConcurrentHashMap<>();

  /** Adds what was changed in a split that is written. */
  void add(Map<String, Long> ofSplit) {
    ofSplit.forEach((field, count) -> counts.merge(field, count, Long::sum));
  }

  /** Tells what was changed in all splits of this attempt. */
  void tell(StageContext context) {
    lines(counts).forEach(line -> context.log().warn(line + " in this attempt"));
  }

  /** One line for each field whose values were changed. */
  static List<String> lines(Map<String, Long> counts) {
    return new TreeMap<>(counts)
        .entrySet().stream()
            .map(
                entry ->
                    "field '"
                        + entry.getKey()
                        + "': "
                        + Counted.of(entry.getValue(), "value was", "values were")
                        + " rounded to fit it")
            .toList();
  }

  /**
   * Looks at the types of both ends.
   *
   * @throws io.millrace.api.error.MillraceException when values may be changed and must not be
   */
  static void check(Schema source, TopicFields fields, Narrowing narrowing, StageContext context) {
    if (fields.schema() == null) {
      return;
    }
    List<String> found = new ArrayList<>();
    for (int i = 0; i < source.size(); i++) {
      Field field = fields.schema().getField(fields.indexes().get(i));
      if (narrows(source.field(i), field)) {
        found.add(
            "column '"
                + Sensitive.name(source.field(i).name())
                + "' ("
                + type(source.field(i))
                + ") into field '"
                + field.getName()
                + "' ("
                + field.getType()
                + ")");
      }
    }
    if (found.isEmpty()) {
      return;
    }
    String what = String.join(", ", found);
    switch (narrowing) {
      case REFUSE ->
          throw HubOptions.wrong(
              "datahub writer: values may be changed: "
                  + what
                  + "; choose other fields, or set narrowing to round or dirty");
      case ROUND -> context.log().warn("values that do not fit are rounded half up: " + what);
      case DIRTY -> context.log().warn("records whose values would be changed are dirty: " + what);
    }
  }

  private static String type(io.millrace.api.record.Field field) {
    return field.type() == ColumnType.DECIMAL
        ? "decimal(" + field.precision() + "," + field.scale() + ")"
        : field.type() == ColumnType.FLOAT64 ? "double" : field.type().name();
  }

  private static boolean narrows(io.millrace.api.record.Field source, Field field) {
    boolean isDouble = source.type() == ColumnType.FLOAT64;
    boolean isDecimal = source.type() == ColumnType.DECIMAL && source.precision() > 0;
    return switch (field.getType()) {
      case BIGINT, INTEGER, SMALLINT, TINYINT, TIMESTAMP ->
          isDouble || isDecimal && source.scale() > 0;
      case FLOAT ->
          isDouble && source.bits() != 32 || isDecimal && source.precision() > FLOAT_DIGITS;
      case DOUBLE -> isDecimal && source.precision() > DOUBLE_DIGITS;
      default -> false;
    };
  }
}
