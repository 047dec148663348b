package io.millrace.testkit.context;

import io.millrace.api.ConnectionTest;
import io.millrace.api.Connector;
import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.Options;
import java.util.Map;

/** Tests connections as a server does. Stateless. */
public final class ConnectionTests {

  private ConnectionTests() {}

  /**
   * Tests one.
   *
   * @param source the options of a data source
   * @return what answered, as somebody sees it who may see all
   * @throws MillraceException why a task could not connect
   */
  public static String run(Connector connector, Map<String, ?> source) {
    return Sensitive.plain(marked(connector, source));
  }

  /** The same with its marks. */
  public static String marked(Connector connector, Map<String, ?> source) {
    return marked(connector, source, TestContext.create());
  }

  /** The same for a context that says what may be reached. */
  public static String marked(Connector connector, Map<String, ?> source, TestContext context) {
    ConnectionTest test = connector.connectionTest().orElseThrow();
    Options.Checked checked = Options.check(test.options(), source);
    if (!checked.problems().isEmpty()) {
      throw new MillraceException(
          StandardError.CONFIGURATION, String.join("; ", checked.problems()));
    }
    return test.test(checked.options(), context);
  }
}
