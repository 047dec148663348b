package io.millrace.dist.cli;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.dist.demo.Demo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace demo}. */
@Command(
    name = "demo",
    description = {
      "Show the main job at work: start a MySQL server of its own, fill it with TPC-H data, copy it"
          + " with a few dirty rows in it, compare. Takes half a minute and installs nothing."
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
      Demo demo = new Demo(emptyDirectory(), terminal::line, this::run, scale);
      return demo.run() ? ExitCode.SUCCESS : ExitCode.FAIL;
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
