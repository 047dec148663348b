/**
 * Connections to MySQL and MariaDB: which URL parameters may be given, how a session is set up, and
 * what a server's errors mean. What is read or written over them is not decided here.
 */
@NullMarked
package io.millrace.mysql.connect;

import org.jspecify.annotations.NullMarked;
