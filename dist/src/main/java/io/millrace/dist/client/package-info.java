/**
 * The command line as a client of {@code millrace server}: every route of its API as a command,
 * declared as data. What the routes do is the server's business, and none of its classes are known
 * here.
 */
@NullMarked
package io.millrace.dist.client;

import org.jspecify.annotations.NullMarked;
