package io.millrace.benchmarks;

import io.millrace.benchmarks.server.ServerChoice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What is measured and how often.
 *
 * @param servers one after another
 * @param works names of works; empty for all
 * @param only names of scenarios; empty for all
 * @param runs rounds, of which the median counts
 * @param scale of TPC-H
 * @param home where the distribution lies
 * @param scratch an existing directory for files
 * @param timeout for each run
 */
public record BenchmarkOptions(
    List<ServerChoice> servers,
    Set<String> works,
    Set<String> only,
    int runs,
    double scale,
    Path home,
    Path scratch,
    Duration timeout) {

  public BenchmarkOptions {
    servers = List.copyOf(servers);
    works = Set.copyOf(works);
    only = Set.copyOf(only);
  }
}
