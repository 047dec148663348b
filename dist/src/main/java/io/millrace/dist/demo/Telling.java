package io.millrace.dist.demo;

import java.util.function.Consumer;

/**
 * How the demo tells what it does.
 *
 * @param out takes it line by line
 */
record Telling(Consumer<String> out) {

  void title(String text) {
    out.accept("");
    out.accept("== " + text + " " + "=".repeat(Math.max(3, 76 - text.length())));
    out.accept("");
  }

  void say(String text) {
    out.accept(text);
  }
}
