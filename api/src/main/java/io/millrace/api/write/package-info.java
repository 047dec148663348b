/**
 * What a writer implements: the commit protocol from stage 1 to stage 4. The engine decides when
 * and on which thread.
 */
@NullMarked
package io.millrace.api.write;

import org.jspecify.annotations.NullMarked;
