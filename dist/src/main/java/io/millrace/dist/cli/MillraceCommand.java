package io.millrace.dist.cli;

import io.millrace.dist.client.ClientContext;
import org.jspecify.annotations.Nullable;
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
  private final @Nullable ClientContext clientContext;
  private boolean debug;
  private boolean asked;

  @Spec private CommandSpec spec = CommandSpec.create();

  MillraceCommand(Terminal terminal) {
    this(terminal, null);
  }

  /**
   * A command line of which not everything is the process's.
   *
   * @param clientContext what surrounds commands that ask a server; null for the process's
   */
  MillraceCommand(Terminal terminal, @Nullable ClientContext clientContext) {
    this.terminal = terminal;
    this.clientContext = clientContext;
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

  ClientContext clientContext() {
    asked = true;
    return clientContext == null
        ? ClientContext.ofProcess(terminal.out(), terminal.err())
        : clientContext;
  }

  /** True when a command ran that asks a server. */
  boolean askedAServer() {
    return asked;
  }

  Installation installation() {
    return Installation.ofProcess();
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "which command?");
  }
}
