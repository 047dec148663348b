/** The packaged server as its users meet it: whole processes, real stores, what they answer. */
@NullMarked
package io.millrace.dist.server;

import org.jspecify.annotations.NullMarked;
