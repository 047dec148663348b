package io.millrace.mysql.write;

/**
 * Why a value cannot be written unchanged.
 *
 * @param code short and stable, or the server's error number
 * @param message for people
 * @param narrows true when the server would take the value after changing it, without an error
 */
record Problem(String code, String message, boolean narrows) {

  /** A value that the server refuses or that would become another one. */
  Problem(String code, String message) {
    this(code, message, false);
  }
}
