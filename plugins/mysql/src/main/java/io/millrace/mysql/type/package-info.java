/**
 * What MySQL's and MariaDB's column types are in Millrace's terms, from a table's definition and
 * from a result's metadata. Values are converted elsewhere.
 */
@NullMarked
package io.millrace.mysql.type;

import org.jspecify.annotations.NullMarked;
