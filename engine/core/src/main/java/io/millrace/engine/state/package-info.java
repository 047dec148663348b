/**
 * What a run directory remembers so that another process can go on: identity, epoch, stage results
 * and the split plan. It holds no secret, and it never says what is committed: the target does.
 */
@NullMarked
package io.millrace.engine.state;

import org.jspecify.annotations.NullMarked;
