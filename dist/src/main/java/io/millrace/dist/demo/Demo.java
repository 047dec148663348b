package io.millrace.dist.demo;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.testkit.server.EmbeddedServer;
import io.millrace.testkit.server.Flavour;
import io.millrace.testkit.server.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Shown to somebody who sees Millrace for the first time: the main job by hand, then a server that
 * does such jobs by itself.
 */
public final class Demo {

  /** Runs a task as {@code millrace run} does. */
  public interface Runner {

    /**
     * Runs a task.
     *
     * @param arguments those of {@code millrace run}
     * @return its exit code
     */
    int run(String... arguments);
  }

  private static final String TASK =
      """
      # %s
      name: %s

      reader:
        mysql:
          datasource: shop
          table: %s
          column: ["*"]
          splitPk: %s

      writer:
        mysql:
          datasource: warehouse
          table: %s
          column: ["*"]
          preSql: ["DELETE FROM %s"]
          postSql: ["INSERT INTO loads SELECT '%s', count(*), now() FROM %s"]

      setting:
        channels: 2
        dirty: 10        # more dirty records than this fail the task
      """;

  private final Path home;
  private final Path directory;
  private final Telling telling;
  private final Runner runner;
  private final ScheduledDemo.Client client;

  /**
   * @param home the installation, whose server is started
   * @param directory holds the demo's files, which stay
   * @param out takes what is told, line by line
   */
  public Demo(
      Path home, Path directory, Consumer<String> out, Runner runner, ScheduledDemo.Client client) {
    this.home = home;
    this.directory = directory;
    this.telling = new Telling(out);
    this.runner = runner;
    this.client = client;
  }

  /**
   * Shows everything, and ends what it has started.
   *
   * @param scale of TPC-H: 1 is 1.5 million orders
   * @param keep is run while the servers still answer, when everything came to what it should
   * @return true when everything came to what it should
   */
  public boolean run(double scale, Runnable keep) {
    try {
      telling.title("1. A database");
      telling.say("Starting a MySQL server from a Maven artifact (nothing is installed) ...");
      try (EmbeddedServer database = EmbeddedServer.start(Flavour.MYSQL, ServerOptions.DEFAULT)) {
        telling.say("It is " + database.description() + ".");
        DemoData data = new DemoData(database, scale);
        data.create();
        return byHand(database, data) && byItself(database, data, keep);
      }
    } catch (IOException | SQLException e) {
      throw new MillraceException(
          StandardError.RESOURCE, "the demo cannot go on: " + e.getMessage(), e);
    }
  }

  private boolean byItself(EmbeddedServer database, DemoData data, Runnable keep)
      throws IOException, SQLException {
    telling.title("7. A server that runs tasks by itself");
    telling.say("Starting millrace server on a free port of this machine ...");
    try (DemoServer server = DemoServer.start(home, directory)) {
      telling.say("It listens on " + server.url() + "; its log is " + server.log() + ".");
      ScheduledDemo scheduled = new ScheduledDemo(telling, directory, server, database, client);
      boolean good = scheduled.run(data, server.oneTimePassword());
      telling.title("10. Where to look");
      scheduled.hints(home);
      if (good) {
        keep.run();
      }
      return good;
    }
  }

  private boolean byHand(EmbeddedServer server, DemoData data) throws IOException, SQLException {
    DemoData.Contents orders = data.contents("shop.orders");
    DemoData.Contents items = data.contents("shop.lineitem");
    telling.say(
        String.format(
            Locale.ROOT,
            "Database shop has TPC-H data: orders (%,d rows) and lineitem (%,d rows). Three orders"
                + " are spoilt on purpose. Database dw has the same tables, empty and a little"
                + " stricter.",
            orders.rows(),
            items.rows()));

    telling.title("2. Two tasks");
    Path dataSources = dataSources(server);
    Path first = task("orders", "o_orderkey", "Copies the orders, dirty ones apart.");
    Path second = task("lineitem", "l_orderkey", "Copies the line items.");
    telling.say(first + ":");
    Files.readAllLines(first).forEach(line -> telling.say("    " + line));

    telling.title("3. millrace run " + first.getFileName());
    int code = run(first, dataSources);
    telling.title("4. millrace run " + second.getFileName());
    code = Math.max(code, run(second, dataSources));

    telling.title("5. Is it all there?");
    boolean same = compare("lineitem", items, data.contents("dw.lineitem"));
    DemoData.Contents copied = data.contents("dw.orders");
    List<Path> dirty = dirtyFiles();
    long kept = 0;
    for (Path file : dirty) {
      kept += Files.readAllLines(file).size();
    }
    boolean whole = copied.rows() + kept == orders.rows() && kept == 3;
    telling.say(
        String.format(
            Locale.ROOT,
            "orders: %,d read = %,d written + %d dirty. %s",
            orders.rows(),
            copied.rows(),
            kept,
            whole ? "Nothing is lost." : "THAT IS WRONG."));
    telling.say("The dirty records are kept with their reasons:");
    for (Path file : dirty) {
      Files.readAllLines(file).forEach(line -> telling.say("    " + shortened(line)));
    }
    where(first, dirty);
    return code == 0 && same && whole;
  }

  private boolean compare(String table, DemoData.Contents source, DemoData.Contents target) {
    boolean same = source.equals(target);
    telling.say(
        String.format(
            Locale.ROOT,
            "%s: %,d rows in the source, %,d in the target, checksums %s.",
            table,
            source.rows(),
            target.rows(),
            same ? "equal" : "DIFFERENT"));
    return same;
  }

  private int run(Path task, Path dataSources) {
    String name = String.valueOf(task.getFileName()).replace(".yaml", "");
    return runner.run(
        task.toString(),
        "--datasources",
        dataSources.toString(),
        "--run-dir",
        directory.resolve("runs").resolve(name).toString(),
        "--result",
        directory.resolve("results").resolve(name + ".json").toString());
  }

  private List<Path> dirtyFiles() throws IOException {
    Path dirty = directory.resolve("runs").resolve("orders").resolve("dirty");
    if (!Files.isDirectory(dirty)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(dirty)) {
      return files.sorted().toList();
    }
  }

  private void where(Path task, List<Path> dirty) {
    telling.title("6. Where everything lies");
    telling.say("tasks and data sources   " + directory);
    telling.say("run log                  " + directory.resolve("runs/orders/run.log"));
    telling.say("a log for each stage     " + directory.resolve("runs/orders/stage-*.log"));
    telling.say("dirty records            " + directory.resolve("runs/orders/dirty"));
    telling.say("results as JSON          " + directory.resolve("results"));
    telling.say("");
    telling.say("On a database of your own:");
    telling.say(
        "    millrace check TASK.yaml      shows the plan with every split, writes nothing");
    telling.say("    millrace run TASK.yaml        runs it; --resume goes on after a crash");
    if (!dirty.isEmpty()) {
      telling.say(
          "    millrace replay-dirty TASK.yaml FILE.jsonl   writes corrected dirty records");
    }
  }

  /** The password goes into a file of its own, as it should with real ones. */
  private Path dataSources(EmbeddedServer server) throws IOException {
    Path password = directory.resolve("secrets").resolve("password");
    Files.createDirectories(password.getParent());
    Files.createFile(
        password,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(password, server.password());
    StringBuilder text = new StringBuilder();
    for (String[] source : new String[][] {{"shop", "shop"}, {"warehouse", "dw"}}) {
      text.append(
          """
          %s:
            type: mysql
            host: %s
            port: %d
            database: %s
            username: %s
            password: {file: secrets/password}
          """
              .formatted(source[0], server.host(), server.port(), source[1], server.user()));
    }
    return Files.writeString(directory.resolve("datasources.yaml"), text.toString());
  }

  private Path task(String table, String splitKey, String comment) throws IOException {
    return Files.writeString(
        directory.resolve(table + ".yaml"),
        TASK.formatted(comment, table, table, splitKey, table, table, table, table));
  }

  private static String shortened(String line) {
    return line.length() <= 160 ? line : line.substring(0, 157) + "...";
  }
}
