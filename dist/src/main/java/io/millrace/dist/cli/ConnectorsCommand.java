package io.millrace.dist.cli;

import io.millrace.api.Connector;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.OptionType;
import io.millrace.dist.text.Texts;
import io.millrace.engine.connector.PluginConnectors;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code millrace connectors}: what is installed, from the connectors' own declarations. */
@Command(
    name = "connectors",
    description = "List the installed connectors, or one connector's options.")
final class ConnectorsCommand implements Callable<Integer> {

  private final MillraceCommand millrace;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Show this connector's options with their defaults.")
  private @Nullable String name;

  ConnectorsCommand(MillraceCommand millrace) {
    this.millrace = millrace;
  }

  @Override
  public Integer call() {
    Terminal terminal = millrace.terminal();
    try (PluginConnectors connectors = millrace.installation().connectors()) {
      String wanted = name;
      if (wanted == null) {
        connectors.all().forEach(connector -> summary(terminal, connector));
        connectors.problems().forEach(terminal::warn);
        return ExitCode.SUCCESS;
      }
      Connector connector = TaskInput.find(connectors, wanted);
      summary(terminal, connector);
      connector.reader().ifPresent(reader -> options(terminal, "Reader", reader.options()));
      connector.writer().ifPresent(writer -> options(terminal, "Writer", writer.options()));
      return ExitCode.SUCCESS;
    }
  }

  private static void summary(Terminal terminal, Connector connector) {
    String can =
        connector.reader().isEmpty()
            ? "writes"
            : connector.writer().isEmpty() ? "reads" : "reads and writes";
    terminal.line(
        String.format(
            "%-12s %-16s %s", connector.info().name(), can, connector.info().description()));
    if (!connector.info().aliases().isEmpty()) {
      terminal.line(
          String.format("%-29s also: %s", "", String.join(", ", connector.info().aliases())));
    }
  }

  private static void options(Terminal terminal, String side, List<ConfigOption<?>> options) {
    terminal.line("");
    terminal.line(side + " options:");
    for (ConfigOption<?> option : options) {
      terminal.line(String.format("  %-20s %s", option.key(), facts(option)));
      for (String line : Texts.wrapped(option.description(), 72)) {
        terminal.line("      " + line);
      }
      if (!option.aliases().isEmpty()) {
        terminal.line("      also: " + String.join(", ", option.aliases()));
      }
    }
  }

  private static String facts(ConfigOption<?> option) {
    String form =
        option.type() == OptionType.CHOICE
            ? String.join(" | ", option.choices())
            : option.type().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    Object fallback = option.defaultValue();
    return form
        + (option.required() ? ", required" : "")
        + (option.secret() ? ", secret" : "")
        + (option.directing() ? ", decides where secrets go" : "")
        + (fallback == null ? "" : ", default " + shown(fallback));
  }

  private static String shown(Object value) {
    if (value instanceof Enum<?> constant) {
      String[] words = constant.name().toLowerCase(java.util.Locale.ROOT).split("_");
      StringBuilder text = new StringBuilder(words[0]);
      for (int i = 1; i < words.length; i++) {
        text.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
      }
      return text.toString();
    }
    String text = value.toString();
    return text.isEmpty() ? "empty" : text.replace("\t", "\\t");
  }
}
