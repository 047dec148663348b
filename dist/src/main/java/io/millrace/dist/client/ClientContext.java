package io.millrace.dist.client;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds a command.
 *
 * @param in where files and passwords may come from
 * @param keyboard true when a person sits at {@code in}
 * @param environment the process's variables, by name; gives null for one that is not set
 */
public record ClientContext(
    PrintStream out,
    PrintStream err,
    InputStream in,
    boolean keyboard,
    UnaryOperator<@Nullable String> environment) {

  /** That of this process. */
  public static ClientContext ofProcess(PrintStream out, PrintStream err) {
    return new ClientContext(
        out, err, System.in, Boolean.getBoolean("millrace.keyboard"), System::getenv);
  }

  /** A line to whoever watches; without control characters, for some of it comes from a server. */
  void warn(String text) {
    err.println("millrace: " + text.replaceAll("\\p{Cntrl}", " "));
  }

  /** Where logins are kept. */
  public static Path logins(UnaryOperator<@Nullable String> environment) {
    return SavedLogin.directory(environment);
  }
}
