/** Tests of replaying dirty records. */
@NullMarked
package io.millrace.dist.replay;

import org.jspecify.annotations.NullMarked;
