package io.millrace.benchmarks.work;

import io.millrace.benchmarks.server.MeasuredServer;
import java.nio.file.Path;

/**
 * Where a work is done.
 *
 * @param server the server
 * @param millrace the packaged program
 * @param scratch a directory for files, removed in the end
 * @param scale of TPC-H; 1 is 6 million rows of {@code lineitem}
 */
public record Workbench(MeasuredServer server, Millrace millrace, Path scratch, double scale) {}
