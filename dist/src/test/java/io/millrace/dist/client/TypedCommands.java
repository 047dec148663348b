package io.millrace.dist.client;

import io.millrace.dist.cli.CommandLines;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Runs commands in this process, with surroundings of their own. */
final class TypedCommands {

  private final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private ByteArrayInputStream in = new ByteArrayInputStream(new byte[0]);

  TypedCommands with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  void without(String variable) {
    environment.remove(variable);
  }

  /** What the next command finds at its standard input. */
  TypedCommands input(String text) {
    in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  PrintStream stream() {
    out.reset();
    return new PrintStream(out, true, StandardCharsets.UTF_8);
  }

  /** Runs a command to its end; gives its exit code. */
  int run(String... arguments) {
    err.reset();
    return CommandLines.run(
        new ClientContext(
            stream(),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            in,
            false,
            environment::get),
        arguments);
  }

  String output() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
