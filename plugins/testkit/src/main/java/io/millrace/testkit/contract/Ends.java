package io.millrace.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Connector;
import io.millrace.api.TaskContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.OptionContent;
import io.millrace.api.option.OptionType;
import io.millrace.api.option.Options;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.write.Writer;
import io.millrace.api.write.WriterFactory;
import io.millrace.engine.task.OptionRules;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes readers and writers as the engine does. */
final class Ends {

  private Ends() {}

  static Reader reader(Connector connector, Map<String, Object> options, TaskContext context) {
    ReaderFactory factory = connector.reader().orElseThrow();
    return factory.create(checked(factory.options(), options), context);
  }

  static Writer writer(Connector connector, Map<String, Object> options, TaskContext context) {
    WriterFactory factory = connector.writer().orElseThrow();
    return factory.create(checked(factory.options(), options), context);
  }

  private static Options checked(List<ConfigOption<?>> declared, Map<String, Object> raw) {
    Options.Checked checked = Options.check(declared, raw);
    assertThat(checked.problems()).as("problems of the test's options").isEmpty();
    assertThat(checked.unknown()).as("unknown options of the test").isEmpty();
    return checked.options();
  }

  /** The values among options that must not be written anywhere. */
  static Set<String> secrets(List<ConfigOption<?>> declared, Map<String, Object> raw) {
    return OptionRules.of(declared).secrets(raw);
  }

  /**
   * Options are declared so far that the host can protect what is secret among them: what may stand
   * in free objects, and where secrets go.
   */
  static void requireDeclared(List<ConfigOption<?>> options) {
    assertThat(options)
        .filteredOn(option -> option.type() == OptionType.JSON)
        .as("say what stands in objects: withContent, withPrivateContent or withOpenContent")
        .noneMatch(option -> option.content() == OptionContent.UNDECLARED);
    if (options.stream().anyMatch(ConfigOption::secret)) {
      assertThat(options)
          .as("say which options decide where secrets go: directsSecrets")
          .anyMatch(ConfigOption::directing);
    }
  }
}
