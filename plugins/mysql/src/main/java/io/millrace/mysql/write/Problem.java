package io.millrace.mysql.write;

/**
 * Why a value cannot be written unchanged.
 *
 * @param code short and stable, or the server's error number
 * @param message for people
 */
record Problem(String code, String message) {}
