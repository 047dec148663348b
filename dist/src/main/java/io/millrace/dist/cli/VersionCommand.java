package io.millrace.dist.cli;

import io.millrace.api.ApiVersion;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code millrace version}. */
@Command(name = "version", description = "Show the version.")
final class VersionCommand implements Callable<Integer>, IVersionProvider {

  private final MillraceCommand millrace;

  VersionCommand(MillraceCommand millrace) {
    this.millrace = millrace;
  }

  @Override
  public Integer call() {
    for (String line : getVersion()) {
      millrace.terminal().line(line);
    }
    return ExitCode.SUCCESS;
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "Millrace " + Installation.version(),
      "connector api " + ApiVersion.CURRENT,
      "Java " + Runtime.version() + " (" + System.getProperty("java.vm.vendor") + ")"
    };
  }
}
