package io.millrace.dist.cli;

import io.millrace.api.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The process: arguments in, exit code out. */
public final class Main {

  private Main() {}

  /** Ends the process with an {@link ExitCode}. */
  public static void main(String[] arguments) {
    MillraceCommand millrace = new MillraceCommand(Terminal.ofProcess());
    int code = execute(millrace, arguments);
    System.out.flush();
    if (code == ExitCode.SUCCESS && millrace.askedAServer()) {
      ClassData.keep(List.of());
    }
    System.exit(code);
  }

  static int execute(Terminal terminal, String... arguments) {
    return execute(new MillraceCommand(terminal), arguments);
  }

  /** Runs a command whose surroundings are not those of the process. */
  static int execute(MillraceCommand millrace, String... arguments) {
    return commandLine(millrace, arguments).execute(arguments);
  }

  /** The whole command line, as documentation and completion show it. */
  static CommandLine commandLine(Terminal terminal) {
    return commandLine(new MillraceCommand(terminal), new String[0]);
  }

  private static CommandLine commandLine(MillraceCommand millrace, String[] arguments) {
    Terminal terminal = millrace.terminal();
    Commands commands = new Commands(millrace);
    CommandLine line = new CommandLine(millrace, commands);
    // Looking through the annotations of every command takes longer than a small task.
    Class<?> only = arguments.length == 0 ? null : Commands.ALL.get(arguments[0]);
    if (only == null || only == AutoComplete.GenerateCompletion.class) {
      Commands.ALL.keySet().forEach(name -> line.addSubcommand(name, commands.command(name)));
    } else {
      line.addSubcommand(arguments[0], commands.command(arguments[0]));
    }
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
                      + Terminal.oneLine(said(error))
                      + suggestion(error)
                      + "; see "
                      + error.getCommandLine().getCommandSpec().qualifiedName()
                      + " --help");
          return ExitCode.BAD_INPUT;
        });
    line.setExecutionExceptionHandler(
        (error, command, result) -> {
          millrace.terminal().error(error);
          return error instanceof MillraceException ? ExitCode.of(error) : ExitCode.FAIL;
        });
    return line;
  }

  /** What stands behind an option that is not known is its value, perhaps a password. */
  private static String said(ParameterException error) {
    if (!(error instanceof UnmatchedArgumentException unmatched)) {
      return String.valueOf(error.getMessage());
    }
    List<String> shown = new ArrayList<>();
    boolean options = false;
    for (String word : unmatched.getUnmatched()) {
      if (word.startsWith("-")) {
        options = true;
        shown.add("'" + word.replaceFirst("=.*", "") + "'");
      } else if (!options) {
        shown.add("'" + word + "'");
      }
    }
    return (options ? "Unknown option" : "Unknown argument")
        + (shown.size() == 1 ? ": " : "s: ")
        + String.join(", ", shown);
  }

  private static String suggestion(ParameterException error) {
    if (!(error instanceof UnmatchedArgumentException unmatched)) {
      return "";
    }
    List<String> near = unmatched.getSuggestions();
    return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
  }
}
