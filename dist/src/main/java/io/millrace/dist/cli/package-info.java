/**
 * The command line: what is typed becomes calls of the engine, and what comes back becomes lines
 * and exit codes. Nothing here moves rows.
 */
@NullMarked
package io.millrace.dist.cli;

import org.jspecify.annotations.NullMarked;
