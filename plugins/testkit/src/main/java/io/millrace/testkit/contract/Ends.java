package io.millrace.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Connector;
import io.millrace.api.TaskContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.write.Writer;
import io.millrace.api.write.WriterFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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

  /** The secret values among options. */
  static List<String> secrets(List<ConfigOption<?>> declared, Map<String, Object> raw) {
    List<String> secrets = new ArrayList<>();
    for (ConfigOption<?> option : declared) {
      raw.forEach(
          (key, value) -> {
            boolean same =
                key.equalsIgnoreCase(option.key())
                    || option.aliases().stream().anyMatch(key::equalsIgnoreCase);
            if (option.secret() && same && !String.valueOf(value).isEmpty()) {
              secrets.add(String.valueOf(value));
            }
          });
    }
    return secrets;
  }
}
