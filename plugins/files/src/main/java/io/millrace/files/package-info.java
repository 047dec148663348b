/**
 * The connectors for rows in files: their names, and how a task's options become a store, a format,
 * a reader and a writer. How bytes are kept, encoded or decoded lives in the packages below.
 */
@NullMarked
package io.millrace.files;

import org.jspecify.annotations.NullMarked;
