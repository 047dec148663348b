package io.millrace.benchmarks;

import io.millrace.api.error.MillraceException;
import io.millrace.benchmarks.report.JsonReport;
import io.millrace.benchmarks.report.MarkdownReport;
import io.millrace.benchmarks.report.Results;
import io.millrace.benchmarks.report.TextReport;
import io.millrace.benchmarks.server.ServerChoice;
import io.millrace.benchmarks.server.SystemMariaDb;
import io.millrace.benchmarks.work.Scenario;
import io.millrace.benchmarks.work.Work;
import io.millrace.benchmarks.work.Works;
import io.millrace.testkit.server.Flavour;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command line of the benchmark; {@code dist/bench} calls it. */
@Command(
    name = "dist/bench",
    sortOptions = false,
    description = {
      "Measures the packaged Millrace beside what the servers can do themselves, in one run.",
      "Figures mean something on a quiet machine only."
    })
public final class Main implements Callable<Integer> {

  private enum Servers {
    MYSQL,
    MARIADB,
    BOTH;

    boolean has(Flavour flavour) {
      return this == BOTH || name().equals(flavour.name());
    }
  }

  @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(
      names = "--server",
      defaultValue = "both",
      paramLabel = "mysql|mariadb|both",
      description = "which servers (default: ${DEFAULT-VALUE})")
  private Servers server = Servers.BOTH;

  @Option(
      names = "--runs",
      defaultValue = "3",
      description = "rounds; the median counts (default: ${DEFAULT-VALUE})")
  private int runs;

  @Option(
      names = "--scale",
      defaultValue = "0.33",
      description =
          "scale of TPC-H; 0.001 for a smoke test (default: ${DEFAULT-VALUE}, 2.0 million rows)")
  private double scale;

  @Option(names = "--work", split = ",", description = "only these works (A, files, kafka)")
  private Set<String> works = new TreeSet<>();

  @Option(
      names = "--only",
      split = ",",
      description = "only these scenarios, such as insert-select,load-data,millrace-4")
  private Set<String> only = new TreeSet<>();

  @Option(names = "--binlog", description = "measure with the binary log on as well")
  private boolean binaryLog;

  @Option(
      names = "--system-mariadb",
      description = "the MariaDB that this machine's packages installed, not the embedded one")
  private boolean systemMariaDb;

  @Option(
      names = "--mysql-home",
      paramLabel = "DIR",
      description = "another MySQL, with bin and share in this directory")
  private @Nullable Path mysqlHome;

  @Option(
      names = "--buffer-pool",
      defaultValue = "2048",
      paramLabel = "MB",
      description = "InnoDB's buffer pool of a started server (default: ${DEFAULT-VALUE})")
  private int bufferPool;

  @Option(
      names = "--timeout",
      defaultValue = "600",
      paramLabel = "SECONDS",
      description = "for each single run (default: ${DEFAULT-VALUE})")
  private int timeout;

  @Option(
      names = "--home",
      required = true,
      paramLabel = "DIR",
      description = "the installation that is measured (dist/bench: the one it has built)")
  private @Nullable Path home;

  @Option(names = "--keep", description = "keep task files and logs, and tell where they lie")
  private boolean keep;

  @Option(names = "--help", usageHelp = true, description = "tell these options")
  private boolean help;

  @Option(names = "--json", paramLabel = "FILE", description = "write the results as JSON")
  private @Nullable Path json;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "put the results into a document, such as docs/performance.md")
  private @Nullable Path markdown;

  /** Ends with 0 when everything ran and every copy was exact, else with 1; 2 for bad usage. */
  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (failure instanceof MillraceException) {
            command.getErr().println("dist/bench: " + failure.getMessage());
          } else {
            failure.printStackTrace(command.getErr());
          }
          return 1;
        });
    System.exit(line.execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    requireKnown();
    Path scratch = Files.createTempDirectory("millrace-bench-");
    if (keep) {
      System.out.println("Files are kept in " + scratch);
    } else {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(scratch), "clean-up"));
    }
    Results results = new Benchmark(options(scratch), Clock.systemUTC(), System.out).run();
    System.out.print(TextReport.of(results));
    Path jsonFile = json;
    if (jsonFile != null) {
      JsonReport.write(results, jsonFile);
      System.out.printf("%nResults: %s%n", jsonFile);
    }
    Path document = markdown;
    if (document != null) {
      MarkdownReport.write(results, document);
    }
    return results.isComplete() ? 0 : 1;
  }

  private void requireKnown() {
    if (runs < 1 || timeout < 1 || bufferPool < 5 || !(scale > 0)) {
      throw usage("--runs, --scale, --timeout and --buffer-pool must be above 0");
    }
    List<Work> all = Works.all();
    Set<String> names = new TreeSet<>(all.stream().map(Work::name).toList());
    if (!names.containsAll(works)) {
      throw usage("unknown work; known are " + String.join(", ", names));
    }
    Set<String> scenarios = new TreeSet<>();
    all.forEach(work -> work.scenarios().stream().map(Scenario::name).forEach(scenarios::add));
    if (!scenarios.containsAll(only)) {
      throw usage("unknown scenario; known are " + String.join(", ", scenarios));
    }
  }

  private ParameterException usage(String message) {
    CommandLine.Model.CommandSpec own = spec;
    return new ParameterException(own == null ? new CommandLine(this) : own.commandLine(), message);
  }

  private BenchmarkOptions options(Path scratch) {
    Path installation = home;
    if (installation == null || !Files.isExecutable(installation.resolve("bin/millrace"))) {
      throw usage("no bin/millrace in " + installation);
    }
    List<ServerChoice> choices = new ArrayList<>();
    for (Flavour flavour : Flavour.values()) {
      if (server.has(flavour)) {
        choices.add(new ServerChoice(flavour, false, bufferPool, homeOf(flavour, scratch)));
      }
    }
    if (binaryLog) {
      choices.addAll(choices.stream().map(ServerChoice::withBinaryLog).toList());
    }
    return new BenchmarkOptions(
        choices,
        works,
        only,
        runs,
        scale,
        installation.toAbsolutePath(),
        scratch,
        Duration.ofSeconds(timeout));
  }

  private @Nullable Path homeOf(Flavour flavour, Path scratch) {
    if (flavour == Flavour.MARIADB) {
      return systemMariaDb ? SystemMariaDb.link(scratch.resolve("mariadb-of-the-system")) : null;
    }
    Path given = mysqlHome;
    if (given != null && !Files.isExecutable(given.resolve("bin/mysqld"))) {
      throw usage("no bin/mysqld in " + given);
    }
    return given == null ? null : given.toAbsolutePath();
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(
          String.format(Locale.ROOT, "%s cannot be removed", directory), e);
    }
  }
}
