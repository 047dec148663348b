package io.millrace.dist.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code millrace} itself, which only has commands under it. */
@Command(
    name = "millrace",
    description = "Moves data in batches, exactly: no row lost, none twice.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = VersionCommand.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 success, 1 failure, 2 bad input or usage, 130 interrupted.",
      "Try: millrace demo"
    })
final class MillraceCommand implements Runnable {

  private final Terminal terminal;
  private boolean debug;

  @Spec private CommandSpec spec = CommandSpec.create();

  MillraceCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show where an error came from.")
  void debug(boolean wanted) {
    debug = wanted;
  }

  Terminal terminal() {
    return terminal.withDebug(debug);
  }

  Installation installation() {
    return Installation.ofProcess();
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "which command?");
  }
}
