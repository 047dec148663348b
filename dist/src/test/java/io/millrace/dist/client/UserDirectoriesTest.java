package io.millrace.dist.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UserDirectoriesTest {

  private final Map<String, String> environment = new HashMap<>();
  private final UserDirectories directories = new UserDirectories(environment::get);

  @Test
  void theVariableOfItsKindComesFirst() {
    environment.putAll(
        Map.of("XDG_DATA_HOME", "/d", "XDG_CONFIG_HOME", "/c", "HOME", "/home/other"));
    assertThat(directories.data()).isEqualTo(Path.of("/d/millrace"));
    assertThat(directories.configuration()).isEqualTo(Path.of("/c/millrace"));
  }

  @Test
  void withoutItOrWithARelativeOneHomeCounts() {
    environment.put("HOME", "/home/other");
    environment.put("XDG_DATA_HOME", "relative");
    environment.put("XDG_CONFIG_HOME", "");
    assertThat(directories.data()).isEqualTo(Path.of("/home/other/.local/share/millrace"));
    assertThat(directories.configuration()).isEqualTo(Path.of("/home/other/.config/millrace"));
  }

  @Test
  void withoutAHomeTheAccountsCounts() {
    assertThat(directories.data())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".local/share/millrace"));
  }
}
