package io.millrace.mysql.type;

import io.millrace.api.record.Field;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One column of a table.
 *
 * @param name its name as the server writes it
 * @param dataType the bare type in lower case, such as {@code bigint}
 * @param columnType the whole type, such as {@code bigint(20) unsigned}
 * @param charset the character set of a text column, else null
 * @param collation the collation of a text column, else null
 * @param octetLength the most bytes of a text or binary value, else 0
 * @param autoIncrement true when the server makes up a value for NULL and 0
 * @param generated true when its value is computed and cannot be written
 * @param invisible true when {@code SELECT *} leaves it out
 * @param hasDefault true when a row may be inserted without it
 * @param supported its logical type, or empty for a type that cannot be carried
 */
public record MySqlColumn(
    String name,
    String dataType,
    String columnType,
    @Nullable String charset,
    @Nullable String collation,
    long octetLength,
    boolean autoIncrement,
    boolean generated,
    boolean invisible,
    boolean hasDefault,
    Optional<Field> supported) {

  /**
   * Its name and logical type.
   *
   * @throws io.millrace.api.error.MillraceException for a type that cannot be carried
   */
  public Field field() {
    return supported.orElseThrow(() -> MySqlTypes.unsupported(name, columnType));
  }

  /** True for an integer type, which a {@code splitPk} must have. */
  public boolean isInteger() {
    return MySqlTypes.isInteger(dataType);
  }
}
