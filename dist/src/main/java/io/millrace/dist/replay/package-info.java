/**
 * Feeds dirty records that somebody has corrected back through their task's writer: a reader over
 * the files of a run's {@code dirty} directory. How they are written is the engine's business.
 */
@NullMarked
package io.millrace.dist.replay;

import org.jspecify.annotations.NullMarked;
