/**
 * The writer: output that is staged, the control records that say which splits are committed, and
 * the publishing that makes all of it visible. It knows stores and formats only by their
 * interfaces.
 */
@NullMarked
package io.millrace.files.write;

import org.jspecify.annotations.NullMarked;
