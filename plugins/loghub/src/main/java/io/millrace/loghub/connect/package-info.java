/**
 * Talks to the service through its own client, and says what its errors mean. The only package that
 * knows the client.
 */
@NullMarked
package io.millrace.loghub.connect;

import org.jspecify.annotations.NullMarked;
