package io.millrace.dist.cli;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.dist.server.PasswordReset;
import io.millrace.dist.server.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace server}. */
@Command(
    name = "server",
    description = {
      "Run the scheduler with its HTTP API until it is told to stop (Ctrl-C or SIGTERM). Everything"
          + " is set in conf/millrace.yaml."
    })
final class ServerCommand implements Callable<Integer> {

  private final MillraceCommand millrace;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where its data is; counts before server.data of the settings.")
  private @Nullable Path data;

  @Option(
      names = "--reset-password",
      paramLabel = "USER",
      description = {
        "Give a user a one-time password and end, for a forgotten one. Ends the user's sessions and"
            + " revokes the API tokens. With a store in a file, stop the server first."
      })
  private @Nullable String resetPassword;

  ServerCommand(MillraceCommand millrace) {
    this.millrace = millrace;
  }

  @Override
  public Integer call() {
    Installation installation = millrace.installation();
    Terminal terminal = millrace.terminal();
    try {
      if (resetPassword != null) {
        PasswordReset.run(installation.serverPlan(data), resetPassword, terminal::line);
        return ExitCode.SUCCESS;
      }
      ServerProcess.run(
          installation.serverPlan(data),
          installation::connectors,
          terminal::line,
          terminal::warn,
          () -> ClassData.keep(List.of()));
      return ExitCode.SUCCESS;
    } catch (NoClassDefFoundError e) {
      throw new MillraceException(
          StandardError.RESOURCE,
          "the server's libraries are not here: start it with bin/millrace of the distribution",
          e);
    }
  }
}
