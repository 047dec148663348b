package io.millrace.benchmarks.work;

import io.millrace.benchmarks.measure.Cost;
import io.millrace.benchmarks.server.MeasuredServer;
import io.millrace.benchmarks.work.Target.Unit;
import io.millrace.testkit.server.Flavour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Work files: TPC-H's {@code lineitem} from one text file into an empty table with a primary key,
 * and from the table into text files; Millrace with a heap of 256 MB.
 */
final class TextFiles implements Work {

  private static final String LOAD_DATA = "text-load-data";
  private static final String TO_TABLE = "text-mysql";
  private static final String OUTFILE = "mysql-outfile";
  private static final String TO_TEXT = "mysql-text";
  private static final String HEAP = "-Xmx256m";

  @Override
  public String name() {
    return "files";
  }

  @Override
  public String title() {
    return "TPC-H lineitem from a text file into a table, and from the table into text files";
  }

  @Override
  public void prepare(Workbench bench) throws Exception {
    LineItems.prepare(bench);
    OneRow.prepare(bench);
  }

  @Override
  public void warmUp(Workbench bench) throws Exception {
    new OneRow().run(bench);
  }

  @Override
  public List<Scenario> scenarios() {
    return List.of(
        new CopyScenario(LOAD_DATA, "LOAD DATA LOCAL INFILE", false, "", TextFiles::load),
        new CopyScenario(
            TO_TABLE, "Millrace, text file to table, 4 channels", true, "", TextFiles::toTable),
        new ExportScenario(OUTFILE, "SELECT … INTO OUTFILE", false, TextFiles::outfile),
        new ExportScenario(
            TO_TEXT, "Millrace, table to text files, 4 channels", true, TextFiles::toText));
  }

  private static Cost load(Workbench bench, String target) throws Exception {
    return TableCopy.inside(bench, LineItems.loadStatement(LineItems.text(bench), target));
  }

  private static Cost toTable(Workbench bench, String target) throws Exception {
    String task =
        """
        name: %s
        reader:
          files:
            path: "%s"
            fileFormat: text
            fieldDelimiter: "\\t"
            splitBy: volume
            column: [%s]
        writer:
          mysql:
            datasource: %s
            table: %s
            column: [%s]
        setting: {channels: 4, dirty: none}
        """
            .formatted(
                target,
                LineItems.text(bench),
                LineItems.typedColumns(),
                CopyTask.DATA_SOURCE,
                target,
                String.join(", ", LineItems.COLUMNS));
    return bench.millrace().run(bench.server(), task, HEAP);
  }

  private static Cost outfile(Workbench bench, Path folder) throws Exception {
    // The server has an account of its own, maybe; it writes, we only read.
    folder.toFile().setWritable(true, false);
    String file = folder.resolve("lineitem.txt").toString();
    return TableCopy.inside(
        bench,
        "SELECT * FROM " + LineItems.TABLE + " INTO OUTFILE '" + file + "' CHARACTER SET utf8mb4");
  }

  private static Cost toText(Workbench bench, Path folder) throws Exception {
    String task =
        """
        name: export
        reader:
          mysql:
            datasource: %s
            table: %s
            column: [%s]
            splitPk: l_orderkey
        writer:
          files:
            path: "%s"
            fileName: lineitem
            writeMode: append
            fileFormat: text
            fieldDelimiter: "\\t"
        setting: {channels: 4, dirty: none}
        """
            .formatted(
                CopyTask.DATA_SOURCE,
                LineItems.TABLE,
                String.join(", ", LineItems.COLUMNS),
                folder);
    return bench.millrace().run(bench.server(), task, HEAP);
  }

  @Override
  public List<String> yardsticks() {
    return List.of(LOAD_DATA, OUTFILE);
  }

  @Override
  public List<Target> targets(Flavour flavour) {
    return List.of(
        Target.ratio(
            "rows/s from a text file, of LOAD DATA LOCAL INFILE", TO_TABLE, LOAD_DATA, 0.9),
        Target.ratio("rows/s into text files, of SELECT … INTO OUTFILE", TO_TEXT, OUTFILE, 0.9),
        memory("from a text file with -Xmx256m; peak resident memory", TO_TABLE),
        memory("into text files with -Xmx256m; peak resident memory", TO_TEXT));
  }

  private static Target memory(String title, String scenario) {
    return Target.atMost(
        title,
        Unit.MEGABYTES,
        scenario,
        Double.POSITIVE_INFINITY,
        false,
        cost -> cost.peakBytes().orElse(0) / 1e6);
  }

  /** Writes the table's rows into an empty folder. */
  @FunctionalInterface
  private interface Exporting {
    Cost into(Workbench bench, Path folder) throws Exception;
  }

  /** Exports from a server at rest, then loads what was written and compares it. */
  private record ExportScenario(
      String name, String title, boolean usesMillrace, Exporting exporting) implements Scenario {

    @Override
    public boolean isComparable() {
      return true;
    }

    @Override
    public Cost run(Workbench bench) throws Exception {
      Path folder = Files.createTempDirectory(bench.scratch(), "export-");
      MeasuredServer server = bench.server();
      server.settle();
      try {
        Cost cost = exporting.into(bench, folder);
        CopyScenario check =
            new CopyScenario(
                name,
                title,
                false,
                "",
                (ignored, target) -> {
                  for (Path file : written(folder)) {
                    server.execute(LineItems.loadStatement(file, target));
                  }
                  return cost;
                });
        return check.run(bench);
      } finally {
        for (Path file : written(folder)) {
          Files.delete(file);
        }
      }
    }

    private static List<Path> written(Path folder) throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        return files.filter(Files::isRegularFile).sorted(Comparator.naturalOrder()).toList();
      }
    }
  }
}
