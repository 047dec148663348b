package io.millrace.dist.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dist.cli.CommandLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Every command with each of its arguments missing, empty and of a wrong form: usage, one line that
 * says what is wrong, or that no server answers; never a trace, and no exit code but a documented
 * one.
 */
class EveryCommandTest {

  /** They would begin to serve with what is right. */
  private static final Set<String> STAYING = Set.of("millrace server", "millrace demo");

  private static final List<String> WRONG =
      List.of("", " ", "x", "-", "99999999999999999999", "\u0007\nx", "../x/", "a=b", "{");

  @TempDir private Path directory;
  private TypedCommands typed;

  @BeforeEach
  void nobodyListens() {
    typed =
        new TypedCommands()
            .with("MILLRACE_SERVER", "http://127.0.0.1:1")
            .with("MILLRACE_TOKEN", "no-token")
            .with("HOME", directory.toString());
  }

  @TestFactory
  Stream<DynamicTest> everyArgumentMissingEmptyOrOfAWrongForm() {
    List<CommandLine> leaves = new ArrayList<>();
    collect(CommandLines.model(), leaves);
    assertThat(leaves).hasSizeGreaterThan(50);
    return leaves.stream()
        .map(leaf -> DynamicTest.dynamicTest(name(leaf), () -> tryAll(leaf.getCommandSpec())));
  }

  private static String name(CommandLine line) {
    return line.getCommandSpec().qualifiedName();
  }

  private static void collect(CommandLine line, List<CommandLine> leaves) {
    Collection<CommandLine> below = line.getSubcommands().values();
    if (below.isEmpty()) {
      leaves.add(line);
    }
    below.forEach(each -> collect(each, leaves));
  }

  @Test
  void aDateMayBeWrittenInBothForms() {
    for (String date : List.of("20261120", "2026-11-20")) {
      typed.run("check", "--bizdate", date, directory.resolve("none.yaml").toString());
      assertThat(typed.errors()).contains("there is no task file").doesNotContain("bizdate");
    }
    assertThat(Invocation.date("DATE", "20261120")).isEqualTo("2026-11-20");
    assertThat(Invocation.date("DATE", "2026-11-20")).isEqualTo("2026-11-20");
    for (List<String> command :
        List.of(
            List.of("task", "test", "7", "20261320"),
            List.of("workflow", "test", "7", "2026-11-31"),
            List.of("task", "source", "7", "--business-date", "yesterday"),
            List.of("instance", "list", "--from", "20.11.2026"),
            List.of("backfill", "plan", "--task", "7", "--range", "20261101..20261131"))) {
      assertThat(typed.run(command.toArray(String[]::new))).isEqualTo(2);
      assertThat(typed.errors()).contains("must be a date such as 2026-11-20 or 20261120");
    }
  }

  private void tryAll(CommandLine.Model.CommandSpec command) throws IOException {
    List<String> words = List.of(command.qualifiedName().split(" "));
    List<String> name = words.subList(1, words.size());
    List<PositionalParamSpec> positionals = command.positionalParameters();
    assertThat(positionals)
        .allMatch(positional -> positional.required() == positional.arity().min() > 0);
    int required = (int) positionals.stream().filter(PositionalParamSpec::required).count();
    List<String> right = positionals.stream().limit(required).map(this::right).toList();
    for (int given = 0; given < required; given++) {
      assertThat(run(name, right.subList(0, given), List.of())).isEqualTo(2);
      assertThat(typed.errors()).contains("Missing required parameter");
    }
    boolean stays = STAYING.contains(command.qualifiedName());
    if (!stays) {
      run(name, right, List.of());
    }
    for (int i = 0; i < positionals.size() && !stays; i++) {
      for (String each : WRONG) {
        String wrong = inDirectory(positionals.get(i), each);
        List<String> values = new ArrayList<>(right);
        if (i < values.size()) {
          values.set(i, wrong);
        } else {
          values.add(wrong);
        }
        run(name, values, List.of());
      }
    }
    for (OptionSpec option : command.options()) {
      if (option.usageHelp() || option.versionHelp() || option.longestName().equals("--debug")) {
        continue; // they say what they are asked for
      }
      if (option.arity().max() == 0) {
        assertThat(run(name, right, List.of(option.longestName() + "=x"))).isEqualTo(2);
        if (!stays) {
          run(name, right, List.of(option.longestName()));
        }
        continue;
      }
      assertThat(run(name, right, List.of(option.longestName()))).isEqualTo(2);
      for (String wrong : stays ? List.<String>of() : WRONG) {
        run(name, right, List.of(option.longestName() + "=" + inDirectory(option, wrong)));
      }
    }
  }

  /** A path that something is written to lies in the test's own folder. */
  private String inDirectory(CommandLine.Model.ArgSpec argument, String wrong) {
    boolean path = argument.type() == Path.class && !wrong.isEmpty() && !wrong.equals("-");
    return path ? directory + "/files/" + wrong : wrong;
  }

  private String right(PositionalParamSpec positional) {
    try {
      return switch (positional.paramLabel()) {
        case "DATE" -> "2026-11-20";
        case "FILE", "TASK-FILE" ->
            Files.writeString(
                    directory.resolve("task.yaml"),
                    "{reader: {stream: {sliceRecordCount: 1}}, writer: {stream: {}}}")
                .toString();
        case "DIR", "DIRECTORY", "RUN-DIR" -> directory.toString();
        default -> "7";
      };
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private int run(List<String> name, List<String> positionals, List<String> options) {
    List<String> all = new ArrayList<>(name);
    all.addAll(options);
    all.addAll(positionals);
    int code = typed.run(all.toArray(String[]::new));
    assertThat(code).as("%s: %s", all, typed.errors()).isIn(0, 1, 2);
    String said = typed.errors().replaceAll("(?m)^millrace: warning: .*\n", "");
    assertThat(said)
        .as("%s", all)
        .doesNotContain("Exception", "\tat ", "unexpected", "Error:", " null");
    if (code != 0) {
      assertThat(said.lines().count()).as("%s: %s", all, said).isEqualTo(1);
      assertThat(said).startsWith("millrace: ");
    }
    return code;
  }
}
