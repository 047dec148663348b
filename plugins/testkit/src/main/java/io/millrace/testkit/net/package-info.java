/**
 * A network that fails on command: a proxy in front of a server, and what it looks for in the
 * stream. Nothing here knows what the server is, except the one pattern of MySQL's COMMIT.
 */
@NullMarked
package io.millrace.testkit.net;

import org.jspecify.annotations.NullMarked;
