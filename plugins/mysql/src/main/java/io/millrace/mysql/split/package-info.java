/**
 * How a table is cut into splits: which key serves, and bounds that follow the real keys. What is
 * selected within a split is not decided here.
 */
@NullMarked
package io.millrace.mysql.split;

import org.jspecify.annotations.NullMarked;
