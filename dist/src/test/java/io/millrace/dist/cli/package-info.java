/** Tests of the command line: parts of it in this process, the whole as a packaged process. */
@NullMarked
package io.millrace.dist.cli;

import org.jspecify.annotations.NullMarked;
