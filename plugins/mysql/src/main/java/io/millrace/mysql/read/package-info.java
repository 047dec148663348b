/**
 * Reading: which columns and rows are meant, the statement of each split, and the way of a value
 * from the server's packet into a column without an object in between. How a table is cut into
 * splits lives in {@code io.millrace.mysql.split}.
 */
@NullMarked
package io.millrace.mysql.read;

import org.jspecify.annotations.NullMarked;
