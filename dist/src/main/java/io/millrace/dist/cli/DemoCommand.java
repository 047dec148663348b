package io.millrace.dist.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code millrace demo}. */
@Command(name = "demo", description = "Show the main job at work, on a database started for it.")
final class DemoCommand implements Callable<Integer> {

  private final MillraceCommand millrace;

  DemoCommand(MillraceCommand millrace) {
    this.millrace = millrace;
  }

  @Override
  public Integer call() {
    throw TaskInput.wrong("the demo is not part of this build");
  }
}
