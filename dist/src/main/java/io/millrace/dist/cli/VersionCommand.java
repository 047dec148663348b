package io.millrace.dist.cli;

import io.millrace.api.ApiVersion;
import io.millrace.dist.client.ClientContext;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** {@code millrace version}. */
@Command(name = "version", description = "Show the version.")
final class VersionCommand implements Callable<Integer>, IVersionProvider {

  private final MillraceCommand millrace;

  VersionCommand(MillraceCommand millrace) {
    this.millrace = millrace;
  }

  @Option(
      names = "--paths",
      description = "Show where the installation, its settings, data, logins and cache are.")
  private boolean paths;

  @Override
  public Integer call() {
    if (paths) {
      Installation installation = millrace.installation();
      tell("installation", installation.home());
      tell("plugins", installation.settings().plugins());
      tell("settings", Installation.configuration(installation.home()));
      tell("data sources", TaskInput.dataSources(installation).toAbsolutePath());
      tell("runs", installation.settings().runs().toAbsolutePath());
      tell("server's data", installation.serverPlan(null).data());
      tell("logins", ClientContext.logins(System::getenv));
      tell("cache", installation.cache());
      return ExitCode.SUCCESS;
    }
    for (String line : getVersion()) {
      millrace.terminal().line(line);
    }
    return ExitCode.SUCCESS;
  }

  private void tell(String what, Path where) {
    millrace.terminal().data(String.format(Locale.ROOT, "%-14s%s", what, where));
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
