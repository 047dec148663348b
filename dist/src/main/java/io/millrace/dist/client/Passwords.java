package io.millrace.dist.client;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Asks for names and passwords: at a keyboard without showing them, otherwise a line each of
 * standard input. Used by one thread.
 */
final class Passwords {

  private static final int MOST = 1_000;

  private final ClientContext context;

  Passwords(ClientContext context) {
    this.context = context;
  }

  /** A text that may be seen. */
  String text(String prompt) {
    if (!context.keyboard()) {
      return line(prompt);
    }
    context.err().print(prompt + ": ");
    context.err().flush();
    return line(prompt);
  }

  /** A text that may not. */
  String secret(String prompt) {
    if (!context.keyboard()) {
      return line(prompt);
    }
    Console console = System.console();
    char @Nullable [] typed = console == null ? null : console.readPassword("%s: ", prompt);
    if (console == null) {
      throw ClientError.INPUT.because(
          "a password cannot be typed while the output goes elsewhere; pipe it in, or leave the"
              + " output on the terminal");
    }
    if (typed == null) {
      throw ClientError.INPUT.because("no password was given");
    }
    return new String(typed);
  }

  /** A new password, which a person has to type twice. */
  String fresh() {
    while (true) {
      String password = secret("New password");
      if (!context.keyboard() || password.equals(secret("New password again"))) {
        return password;
      }
      context.err().println("These were not the same.");
    }
  }

  /** Byte by byte: what comes after the line may be for somebody else. */
  private String line(String what) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      for (int next = context.in().read(); next != '\n'; next = context.in().read()) {
        if (next < 0 && line.size() == 0) {
          throw ClientError.INPUT.because(
              what.toLowerCase(java.util.Locale.ROOT)
                  + ": nothing was given; at a keyboard it is asked for, otherwise it is a line of"
                  + " standard input");
        }
        if (next < 0) {
          break;
        }
        line.write(next);
        if (line.size() > MOST) {
          throw ClientError.INPUT.because(what + ": the line is too long");
        }
      }
    } catch (IOException e) {
      throw ClientError.INPUT.because(what + ": standard input cannot be read", e);
    }
    String text = line.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
