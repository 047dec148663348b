/** Talks to the service through its own client, and says what its errors mean. */
@NullMarked
package io.millrace.datahub.connect;

import org.jspecify.annotations.NullMarked;
