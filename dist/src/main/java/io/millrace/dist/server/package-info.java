/**
 * Puts the server together and keeps it alive: store, scheduler, HTTP. Decides nothing itself; what
 * is set where is read by the command line.
 */
@NullMarked
package io.millrace.dist.server;

import org.jspecify.annotations.NullMarked;
