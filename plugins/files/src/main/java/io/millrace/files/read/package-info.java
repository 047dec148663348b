/**
 * The reader: which files a task means, how they are cut into splits, and the reading of one split.
 * It knows stores and formats only by their interfaces.
 */
@NullMarked
package io.millrace.files.read;

import org.jspecify.annotations.NullMarked;
