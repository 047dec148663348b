/**
 * The columnar batch that moves from a reader to a writer, its columns and its schema. Batches
 * carry values, never connections or files.
 */
@NullMarked
package io.millrace.api.record;

import org.jspecify.annotations.NullMarked;
