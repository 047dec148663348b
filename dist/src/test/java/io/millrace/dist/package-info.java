/** What the tests of the packaged distribution share: running it as a process. */
@NullMarked
package io.millrace.dist;

import org.jspecify.annotations.NullMarked;
