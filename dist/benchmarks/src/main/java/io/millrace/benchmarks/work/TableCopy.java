package io.millrace.benchmarks.work;

import io.millrace.benchmarks.measure.Cost;
import io.millrace.benchmarks.measure.Meter;
import io.millrace.benchmarks.work.Target.Unit;
import io.millrace.testkit.server.Flavour;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;

/**
 * Work A: TPC-H's {@code lineitem} from one table to an empty one with the same primary key, on one
 * server.
 */
final class TableCopy implements Work {

  private static final String INSERT_SELECT = "insert-select";
  private static final String LOAD_DATA = "load-data";
  private static final String FOUR_CHANNELS = "millrace-4";
  private static final String SMALL_HEAP = "millrace-128m";
  private static final String FALLBACK = "millrace-insert";
  private static final String RATE_LIMIT = "rate-limit";

  private static final int RATE_MEBIBYTES = 2;

  /** At 2 MB/s some ten seconds: order keys are sparse, so that these are as many rows. */
  private static final String RATE_CONDITION = "l_orderkey <= 150000";

  private static final String RATE_ERROR = "rateError";

  @Override
  public String name() {
    return "A";
  }

  @Override
  public String title() {
    return "TPC-H lineitem from one table to an empty one with the same primary key";
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
        yardstick(INSERT_SELECT, "the server's own INSERT … SELECT", TableCopy::insertSelect),
        yardstick(LOAD_DATA, "LOAD DATA LOCAL INFILE of the finished text", TableCopy::loadData),
        millrace("millrace-2", "Millrace, 2 channels", copy(2, "")),
        millrace(FOUR_CHANNELS, "Millrace, 4 channels", copy(4, "")),
        millrace(SMALL_HEAP, "Millrace, 4 channels, -Xmx128m", copy(4, "-Xmx128m")),
        millrace(FALLBACK, "Millrace, 4 channels, local_infile off", TableCopy::fallback),
        new OneRow(),
        new CopyScenario(
            RATE_LIMIT,
            "Millrace, 4 channels, a part of the table at 2 MB/s",
            true,
            RATE_CONDITION,
            TableCopy::limited));
  }

  private static Scenario yardstick(String name, String title, Copying copying) {
    return new CopyScenario(name, title, false, "", copying);
  }

  private static Scenario millrace(String name, String title, Copying copying) {
    return new CopyScenario(name, title, true, "", copying);
  }

  private static Cost insertSelect(Workbench bench, String target) throws Exception {
    return inside(bench, "INSERT INTO " + target + " SELECT * FROM " + LineItems.TABLE);
  }

  private static Cost loadData(Workbench bench, String target) throws Exception {
    return inside(bench, LineItems.loadStatement(LineItems.text(bench), target));
  }

  /** What the server does by one statement. */
  static Cost inside(Workbench bench, String sql) throws Exception {
    Meter meter = bench.server().meter();
    try (Connection connection = bench.server().connect();
        Statement statement = connection.createStatement()) {
      return meter.inside(() -> statement.executeLargeUpdate(sql));
    }
  }

  private static CopyTask task(String target) {
    return new CopyTask(LineItems.TABLE, target, LineItems.COLUMNS, "l_orderkey");
  }

  private static Copying copy(int channels, String javaOptions) {
    return (bench, target) ->
        bench.millrace().run(bench.server(), task(target).withChannels(channels), javaOptions);
  }

  private static Cost fallback(Workbench bench, String target) throws Exception {
    boolean before = bench.server().allowLocalInfile(false);
    try {
      return bench.millrace().run(bench.server(), task(target), "");
    } finally {
      bench.server().allowLocalInfile(before);
    }
  }

  private static Cost limited(Workbench bench, String target) throws Exception {
    CopyTask task = task(target).withCondition(RATE_CONDITION).withRate(RATE_MEBIBYTES + "MB");
    Cost cost = bench.millrace().run(bench.server(), task, "");
    double rate = cost.details().get("bytes") / cost.details().get("synchronizeSeconds");
    return cost.with("bytesPerSecond", rate)
        .with(RATE_ERROR, Math.abs(rate / (RATE_MEBIBYTES << 20) - 1));
  }

  @Override
  public List<String> yardsticks() {
    return List.of(INSERT_SELECT, LOAD_DATA);
  }

  @Override
  public List<Target> targets(Flavour flavour) {
    double copyRatio = flavour == Flavour.MYSQL ? 1.0 : 0.7;
    return List.of(
        Target.ratio(
            "rows/s with 4 channels, of INSERT … SELECT", FOUR_CHANNELS, INSERT_SELECT, copyRatio),
        Target.atMost(
            "client CPU with 4 channels, for a million rows",
            Unit.SECONDS,
            FOUR_CHANNELS,
            2.7,
            false,
            Cost::clientSecondsPerMillion),
        Target.ratio(
            "rows/s without local_infile, of INSERT … SELECT", FALLBACK, INSERT_SELECT, 0.45),
        Target.atMost(
            "4 channels run with -Xmx128m; peak resident memory",
            Unit.MEGABYTES,
            SMALL_HEAP,
            Double.POSITIVE_INFINITY,
            false,
            cost -> cost.peakBytes().orElse(0) / 1e6),
        Target.atMost(
            "a task of one row, whole process",
            Unit.SECONDS,
            OneRow.NAME,
            1.0,
            true,
            Cost::seconds),
        Target.atMost(
            "rate limit of 2 MB/s, off by",
            Unit.SHARE,
            RATE_LIMIT,
            0.1,
            false,
            cost -> cost.details().getOrDefault(RATE_ERROR, Double.NaN)));
  }
}
