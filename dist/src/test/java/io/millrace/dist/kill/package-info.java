/**
 * Proofs of the guarantee: a process that is killed at any moment neither loses nor doubles a row.
 */
@NullMarked
package io.millrace.dist.kill;

import org.jspecify.annotations.NullMarked;
