package io.millrace.dist.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The {@code millrace.yaml} that is shipped, with lines taken into use. */
public final class ShippedSettings {

  private static final Pattern SETTING =
      Pattern.compile("(?m)^# ([a-z]+(?:\\.[a-zA-Z]+)*: \\S.*?)(  # example)?$");

  private ShippedSettings() {}

  /** All lines that show a default. */
  public static String defaults() throws IOException {
    return SETTING.matcher(text()).replaceAll(line -> line.group(2) == null ? "$1" : "");
  }

  /** All lines, those of examples too. */
  public static String every() throws IOException {
    return SETTING.matcher(text()).replaceAll("$1$2");
  }

  private static String text() throws IOException {
    return Files.readString(Path.of("../conf/millrace.yaml"));
  }
}
