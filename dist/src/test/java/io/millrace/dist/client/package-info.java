/** Tests of the commands that ask a server, most of them against a real one in this process. */
@NullMarked
package io.millrace.dist.client;

import org.jspecify.annotations.NullMarked;
