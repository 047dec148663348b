package io.millrace.dist.cli;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.dist.client.ClientContext;
import io.millrace.dist.demo.Demo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace demo}. */
@Command(
    name = "demo",
    description = {
      "Show the main job at work: start a MySQL server of its own, fill it with TPC-H data, copy it"
          + " with a few dirty rows in it, compare; then start a server with a daily task and one of"
          + " every minute, test it and backfill seven days. Takes a minute and installs nothing."
    })
final class DemoCommand implements Callable<Integer> {

  private final MillraceCommand millrace;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where the demo's files go; a new temporary directory when not given.")
  private @Nullable Path directory;

  @Option(
      names = "--scale",
      paramLabel = "FACTOR",
      defaultValue = "0.02",
      description = "TPC-H scale; 1 is 1.5 million orders. ${DEFAULT-VALUE} when not given.")
  private double scale;

  @Option(
      names = "--keep",
      description = "Leave the servers running at the end, until Ctrl-C, to look around.")
  private boolean keep;

  DemoCommand(MillraceCommand millrace) {
    this.millrace = millrace;
  }

  @Override
  public Integer call() {
    if (!(scale > 0 && scale <= 10)) {
      throw TaskInput.wrong("--scale must be above 0 and at most 10, found " + scale);
    }
    Terminal terminal = millrace.terminal();
    try {
      Demo demo =
          new Demo(
              millrace.installation().home(),
              emptyDirectory(),
              terminal::line,
              this::run,
              this::ask);
      return demo.run(scale, keep ? this::waitForCtrlC : this::tellHowToKeep)
          ? ExitCode.SUCCESS
          : ExitCode.FAIL;
    } catch (NoClassDefFoundError e) {
      throw new MillraceException(
          StandardError.RESOURCE,
          "the demo's libraries are not here: start it with bin/millrace of the distribution",
          e);
    }
  }

  private int run(String... arguments) {
    String[] all = Stream.concat(Stream.of("run"), Arrays.stream(arguments)).toArray(String[]::new);
    return Main.execute(millrace.terminal(), all);
  }

  /** Asks a server with surroundings that are the demo's: nothing of the user's is touched. */
  private int ask(
      Map<String, String> environment, String input, boolean shown, List<String> arguments) {
    Terminal terminal = millrace.terminal();
    PrintStream out = shown ? terminal.out() : new PrintStream(OutputStream.nullOutputStream());
    ClientContext context =
        new ClientContext(
            out,
            terminal.err(),
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            false,
            environment::get);
    return Main.execute(
        new MillraceCommand(new Terminal(out, terminal.err(), false, false), context),
        arguments.toArray(String[]::new));
  }

  private void tellHowToKeep() {
    Terminal terminal = millrace.terminal();
    terminal.line("");
    terminal.line("The servers end now. dist/demo --keep leaves them running, to try these.");
  }

  /** The servers end with this process, however it ends. */
  private void waitForCtrlC() {
    millrace.terminal().line("");
    millrace.terminal().line("The servers run until you press Ctrl-C.");
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Path emptyDirectory() {
    Path wanted = directory;
    try {
      if (wanted == null) {
        return Files.createTempDirectory("millrace-demo-");
      }
      Files.createDirectories(wanted);
      try (Stream<Path> files = Files.list(wanted)) {
        if (files.findAny().isPresent()) {
          throw TaskInput.wrong("--dir: " + wanted + " is not empty");
        }
      }
      return wanted.toAbsolutePath().normalize();
    } catch (IOException e) {
      throw TaskInput.wrong("--dir: " + wanted + " cannot be made");
    }
  }
}
