package io.millrace.api.error;

/**
 * The errors every connector can have. The codes are the ones DataX and DataWorks users already
 * search for.
 */
public enum StandardError implements ErrorCode {
  /** An option is missing, unknown or has an impossible value. */
  CONFIGURATION("Framework-03", "The task's configuration is wrong", ErrorKind.USER),
  /** A value cannot be converted. */
  CONVERSION("Common-01", "A value cannot be converted", ErrorKind.USER),
  /** The other end cannot be reached or refuses the account. */
  CONNECT("DBUtilErrorCode-10", "The connection failed", ErrorKind.EXTERNAL),
  /** The other end is reached, but account or password are wrong. */
  ACCESS_DENIED("DBUtilErrorCode-10", "The account was refused", ErrorKind.USER),
  /** Reading failed for a reason another try may overcome. */
  READ("DBUtilErrorCode-07", "Reading failed", ErrorKind.EXTERNAL),
  /** Reading fails whatever is tried: no such table, wrong SQL. */
  READ_REFUSED("DBUtilErrorCode-07", "Reading was refused", ErrorKind.USER),
  /** Writing failed for a reason another try may overcome. */
  WRITE("DBUtilErrorCode-05", "Writing failed", ErrorKind.EXTERNAL),
  /** Writing fails whatever is tried: no such table, no privilege. */
  WRITE_REFUSED("DBUtilErrorCode-05", "Writing was refused", ErrorKind.USER),
  /** Another attempt has taken over this instance. */
  FENCED("Framework-05", "Another attempt took over", ErrorKind.USER),
  /** The dirty records crossed the task's limit. */
  DIRTY_LIMIT("Framework-14", "Dirty records crossed the limit", ErrorKind.USER),
  /** A plugin is missing, broken or built for another SPI. */
  PLUGIN("Framework-13", "The plugin cannot be used", ErrorKind.USER),
  /** The attempt was cancelled. */
  CANCELLED("Framework-06", "The attempt was cancelled", ErrorKind.USER),
  /** This machine lacks something: disk, memory, permission. */
  RESOURCE("Framework-07", "A local resource is missing", ErrorKind.RESOURCE),
  /** A promise was broken inside; nothing the user did. */
  INTERNAL("Framework-02", "An internal error", ErrorKind.INTERNAL);

  private final String code;
  private final String description;
  private final ErrorKind kind;

  StandardError(String code, String description, ErrorKind kind) {
    this.code = code;
    this.description = description;
    this.kind = kind;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public ErrorKind kind() {
    return kind;
  }
}
