/**
 * Parquet, both ways: the file's footer, pages and types. Values are encoded and decoded by
 * parquet-java's own column readers and writers; the layout of the file is made and checked here,
 * so that nothing is allocated because a file says so.
 */
@NullMarked
package io.millrace.files.parquet;

import org.jspecify.annotations.NullMarked;
