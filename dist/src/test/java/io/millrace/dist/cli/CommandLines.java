package io.millrace.dist.cli;

import io.millrace.dist.client.ClientContext;
import picocli.CommandLine;

/** Runs the command line for tests of other packages. */
public final class CommandLines {

  private CommandLines() {}

  /** Runs a command that asks a server; gives its exit code. */
  public static int run(ClientContext context, String... arguments) {
    Terminal terminal = new Terminal(context.out(), context.err(), false, false);
    return Main.execute(new MillraceCommand(terminal, context), arguments);
  }

  /** The whole command line as data. */
  public static CommandLine model() {
    return Main.commandLine(Terminal.ofProcess());
  }
}
