/** Tests of what is logged. */
@NullMarked
package io.millrace.dist.log;

import org.jspecify.annotations.NullMarked;
