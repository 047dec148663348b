package io.millrace.dist.demo;

import io.millrace.testkit.server.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The second half of the demo: a server that runs tasks by itself, steered as a user would. */
public final class ScheduledDemo {

  /** Asks a server as {@code millrace task} and the like do. */
  public interface Client {

    /**
     * Runs a command.
     *
     * @param environment the variables that count for it
     * @param input what it finds at its standard input
     * @param shown false when what it answers is left out
     * @return its exit code
     */
    int run(Map<String, String> environment, String input, boolean shown, List<String> arguments);
  }

  private static final String TESTED = "1996-03-08";
  private static final String FIRST = "1996-03-01";
  private static final String LAST = "1996-03-07";

  private static final String DAILY =
      """
      # Copies the orders of one business date; again as often as one likes.
      reader:
        mysql:
          datasource: shop
          table: orders
          column: ["*"]
          where: "o_orderdate = '${yyyy-mm-dd}'"
      writer:
        mysql:
          datasource: warehouse
          table: daily_orders
          column: ["*"]
          preSql: ["DELETE FROM daily_orders WHERE o_orderdate = '${yyyy-mm-dd}'"]
      setting: {dirty: 10}
      """;

  private static final String EVERY_MINUTE =
      """
      # Notes how many orders there are.
      reader:
        mysql:
          datasource: shop
          querySql: ["SELECT now() AS at, count(*) AS orders FROM orders"]
          column: ["at", "orders"]
      writer:
        mysql: {datasource: warehouse, table: order_counts, column: ["at", "orders"]}
      """;

  private final Telling telling;
  private final Path directory;
  private final TestServer database;
  private final Client client;
  private final Map<String, String> environment;
  private final String password = password();
  private boolean good = true;

  /**
   * @param server that listens and that nobody has logged in to
   * @param database with the data of {@link DemoData}
   */
  ScheduledDemo(
      Telling telling, Path directory, DemoServer server, TestServer database, Client client)
      throws IOException {
    this.telling = telling;
    this.directory = directory;
    this.database = database;
    this.client = client;
    this.environment =
        Map.of(
            "MILLRACE_SERVER", server.url(),
            "XDG_CONFIG_HOME", directory.resolve("config").toString());
  }

  /** Nobody can guess it, and it is good for as long as the demo's server. */
  private static String password() {
    byte[] bits = new byte[9];
    new SecureRandom().nextBytes(bits);
    return "demo-" + HexFormat.of().formatHex(bits);
  }

  /**
   * Shows it all.
   *
   * @return true when everything came to what it should
   */
  boolean run(DemoData data, String oneTimePassword) throws IOException, SQLException {
    command(oneTimePassword + "\n" + password + "\n", "login", "--user", "admin");
    for (String[] source : new String[][] {{"shop", "shop"}, {"warehouse", "dw"}}) {
      quietly(
          "datasource",
          "create",
          source[0],
          "--type",
          "mysql",
          "--option",
          "host=" + database.host(),
          "--option",
          "port=" + database.port(),
          "--option",
          "database=" + source[1],
          "--option",
          "username=" + database.user(),
          "--option-file",
          "password=" + directory.resolve("secrets").resolve("password"));
    }
    task("daily-orders", DAILY, "{every: day, time: 02:30}", "T_PLUS_1");
    task("order-counts", EVERY_MINUTE, "{every: minute, interval: 1}", "IMMEDIATE");

    telling.title("8. A test instance and a backfill of seven days");
    command("", "task", "test", "daily-orders", TESTED, "--wait");
    command(
        "",
        "backfill",
        "create",
        "--task",
        "daily-orders",
        "--range",
        FIRST + ".." + LAST,
        "--parallelism",
        "2",
        "--wait",
        "--name",
        "a week of March");
    command("", "instance", "list", "--task", "daily-orders", "--state", "succeeded");

    telling.title("9. Is it all there?");
    DemoData.Contents source = data.days("shop.orders", FIRST, TESTED);
    DemoData.Contents target = data.days("dw.daily_orders", FIRST, TESTED);
    boolean same = source.equals(target) && source.rows() > 0;
    telling.say(
        String.format(
            Locale.ROOT,
            "Orders of %s to %s: %,d rows in the source, %,d in the target, checksums %s.",
            FIRST,
            TESTED,
            source.rows(),
            target.rows(),
            same ? "equal" : "DIFFERENT"));
    return good && same;
  }

  private void task(String name, String script, String cycle, String generation)
      throws IOException {
    Path file = Files.writeString(directory.resolve(name + ".yaml"), script);
    Path definition =
        Files.writeString(
            directory.resolve(name + "-schedule.yaml"),
            "schedule: {cycle: " + cycle + ", zone: UTC, generation: " + generation + "}\n");
    quietly("task", "create", name, definition.toString(), "--script", file.toString());
    command("", "task", "preview", name, "--count", "2");
    quietly("task", "publish", name, "--note", "first");
  }

  private void command(String input, String... arguments) {
    ask(input, true, arguments);
  }

  /** Where the answer tells nothing new. */
  private void quietly(String... arguments) {
    ask("", false, arguments);
  }

  private void ask(String input, boolean shown, String... arguments) {
    telling.say("");
    telling.say("$ millrace " + typed(arguments));
    good &= client.run(environment, input, shown, List.of(arguments)) == 0;
  }

  private static String typed(String... arguments) {
    return String.join(
        " ",
        Arrays.stream(arguments).map(one -> one.contains(" ") ? "'" + one + "'" : one).toList());
  }

  /**
   * What somebody can try while the server runs.
   *
   * @param home the installation
   */
  void hints(Path home) {
    telling.say("server      " + environment.get("MILLRACE_SERVER"));
    telling.say("user        admin");
    telling.say("password    " + password);
    telling.say("");
    telling.say("You are logged in already, with these:");
    environment.forEach((name, value) -> telling.say("    export " + name + "=" + value));
    telling.say("    export PATH=" + home.resolve("bin") + ":$PATH");
    telling.say("    millrace instance list --state succeeded        another one every minute");
    telling.say("    millrace task test daily-orders 1998-01-02      has a dirty record");
    telling.say("    millrace instance log ID; millrace instance dirty ID");
    telling.say("    millrace backfill plan --task daily-orders --range 1996-04-01..1996-04-30");
    telling.say("    millrace task show daily-orders");
    telling.say("    millrace audit");
  }
}
