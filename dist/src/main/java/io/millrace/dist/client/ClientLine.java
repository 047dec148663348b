package io.millrace.dist.client;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/** Makes what picocli knows out of commands that are data. */
public final class ClientLine {

  private static final int DONE = 0;
  private static final int FAILED = 1;

  private static final String EXITS =
      "Exit codes: 0 done; 1 it failed, some of it was refused, it does not fit the present state"
          + " (HTTP 409), or no server answers; 2 what was given is wrong (400, 404, 422), or not"
          + " logged in or not allowed (401, 403).";

  /** The top-level commands, in the order help shows them. */
  public static final List<String> NAMES = ClientCommands.NAMES;

  private ClientLine() {}

  /**
   * A top-level command.
   *
   * @param name one of {@link #NAMES}
   * @param context asked for when the command runs
   */
  public static CommandSpec of(String name, Supplier<ClientContext> context) {
    ClientCommands commands = ClientCommands.named(name);
    if (commands.isAlone()) {
      return leaf(commands.commands().get(0), context);
    }
    WhichCommand which = new WhichCommand();
    CommandSpec spec = CommandSpec.wrapWithoutInspection(which).name(name);
    which.spec = spec;
    spec.usageMessage().description(commands.summary()).synopsisSubcommandLabel("COMMAND");
    for (ClientCommand command : commands.commands()) {
      spec.addSubcommand(command.name(), leaf(command, context));
    }
    return spec;
  }

  /** A group itself only has commands under it. */
  private static final class WhichCommand implements Callable<Integer> {

    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
      throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "which command?");
    }
  }

  private static CommandSpec leaf(ClientCommand command, Supplier<ClientContext> context) {
    Run run = new Run(command, context);
    CommandSpec spec = CommandSpec.wrapWithoutInspection(run).name(command.name());
    run.spec = spec;
    spec.usageMessage().description(paragraphs(command));
    spec.usageMessage().footer("", EXITS);
    // What must be there is said so: picocli does not go by the arity here.
    int index = 0;
    for (ClientCommand.Argument argument : command.arguments()) {
      spec.addPositional(positional(argument, index++));
    }
    command.options().forEach(option -> spec.addOption(option(option)));
    spec.addOption(
        text("-o", Invocation.OUTPUT)
            .paramLabel("FORM")
            .completionCandidates(List.of("json", "table"))
            .description("json: the server's answer as it is; table, by default: for people.")
            .build());
    if (command.changes()) {
      spec.addOption(
          text(Invocation.WHY)
              .paramLabel("REASON")
              .description("Why it is done, for the audit.")
              .build());
    }
    spec.addOption(
        text(Invocation.SERVER)
            .paramLabel("URL")
            .description(
                "Where the server is; MILLRACE_SERVER or "
                    + ServerAddress.USUAL
                    + " when not given.")
            .build());
    return spec;
  }

  private static String[] paragraphs(ClientCommand command) {
    return Stream.concat(Stream.of(command.summary()), command.hints().stream())
        .toArray(String[]::new);
  }

  private static PositionalParamSpec positional(ClientCommand.Argument argument, int index) {
    PositionalParamSpec.Builder builder =
        PositionalParamSpec.builder().paramLabel(argument.label()).description(argument.text());
    return switch (argument.arity()) {
      case ONE -> builder.index("" + index).arity("1").required(true).type(String.class).build();
      case OPTIONAL -> builder.index("" + index).arity("0..1").type(String.class).build();
      case MANY ->
          builder
              .index(index + "..*")
              .arity("1..*")
              .required(true)
              .type(List.class)
              .auxiliaryTypes(String.class)
              .build();
    };
  }

  private static OptionSpec option(ClientCommand.Option option) {
    if (option.label().isEmpty()) {
      return OptionSpec.builder(option.name())
          .type(boolean.class)
          .arity("0")
          .description(option.text())
          .build();
    }
    OptionSpec.Builder builder =
        option.repeated()
            ? OptionSpec.builder(option.name())
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
            : text(option.name());
    if (!option.candidates().isEmpty()) {
      builder.completionCandidates(option.candidates());
    }
    return builder.paramLabel(option.label()).description(option.text()).build();
  }

  private static OptionSpec.Builder text(String... names) {
    return OptionSpec.builder(names[0], Arrays.copyOfRange(names, 1, names.length))
        .type(String.class)
        .arity("1");
  }

  /** Runs a command when picocli has read what was typed. */
  private static final class Run implements Callable<Integer> {

    private final ClientCommand command;
    private final Supplier<ClientContext> context;
    private @Nullable CommandSpec spec;

    Run(ClientCommand command, Supplier<ClientContext> context) {
      this.command = command;
      this.context = context;
    }

    @Override
    public Integer call() {
      Map<String, Object> values = new LinkedHashMap<>();
      CommandSpec known = Objects.requireNonNull(spec);
      for (OptionSpec option : known.options()) {
        put(values, option.longestName(), option);
      }
      for (PositionalParamSpec argument : known.positionalParameters()) {
        put(values, argument.paramLabel(), argument);
      }
      return command.run(new Invocation(command, context.get(), values)) ? DONE : FAILED;
    }

    private static void put(Map<String, Object> values, String name, ArgSpec argument) {
      Object value = argument.getValue();
      if (value != null) {
        values.put(name, value);
      }
    }
  }
}
