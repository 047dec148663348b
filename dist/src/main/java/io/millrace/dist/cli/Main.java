package io.millrace.dist.cli;

import io.millrace.api.error.MillraceException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The process: arguments in, exit code out. */
public final class Main {

  private Main() {}

  /** Ends the process with an {@link ExitCode}. */
  public static void main(String[] arguments) {
    int code = execute(Terminal.ofProcess(), arguments);
    System.out.flush();
    System.exit(code);
  }

  static int execute(Terminal terminal, String... arguments) {
    return commandLine(terminal).execute(arguments);
  }

  static CommandLine commandLine(Terminal terminal) {
    MillraceCommand millrace = new MillraceCommand(terminal);
    CommandLine line = new CommandLine(millrace, new Commands(millrace));
    line.setExpandAtFiles(false); // "-p a=@b" is a value like any other
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(new java.io.PrintWriter(terminal.out(), true));
    line.setErr(new java.io.PrintWriter(terminal.err(), true));
    line.setParameterExceptionHandler(
        (error, ignored) -> {
          terminal
              .err()
              .println(
                  "millrace: "
                      + Terminal.oneLine(String.valueOf(error.getMessage()))
                      + "; see "
                      + error.getCommandLine().getCommandSpec().qualifiedName()
                      + " --help");
          return ExitCode.BAD_INPUT;
        });
    line.setExecutionExceptionHandler(
        (error, command, result) -> {
          if (error instanceof ParameterException wrong) {
            return line.getParameterExceptionHandler().handleParseException(wrong, arguments());
          }
          millrace.terminal().error(error);
          return error instanceof MillraceException ? ExitCode.of(error) : ExitCode.FAIL;
        });
    return line;
  }

  private static String[] arguments() {
    return new String[0];
  }
}
