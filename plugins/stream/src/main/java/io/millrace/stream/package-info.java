/**
 * A connector for trying the engine without a database: its reader makes rows up, its writer prints
 * or discards them. Nothing here keeps anything.
 */
@NullMarked
package io.millrace.stream;

import org.jspecify.annotations.NullMarked;
