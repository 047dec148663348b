package io.millrace.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.option.ConfigOption;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskFingerprintTest {

  private static final List<ConfigOption<?>> DECLARED =
      List.of(
          ConfigOption.string("pin", "d").asSecret(),
          ConfigOption.choice("missing", Missing.class, "d").withAliases("absent"));

  private enum Missing {
    FAIL,
    NULL
  }

  private static final TaskSettings SETTINGS = TaskSettings.defaults(ZoneId.of("UTC"));

  private static String of(Map<String, Object> reader, TaskSettings settings) {
    TaskSpec task =
        new TaskSpec(
            "n",
            new ConnectorSpec("mysql", reader),
            new ConnectorSpec("mysql", Map.of("table", "t")),
            settings,
            false,
            List.of(),
            List.of());
    return TaskFingerprint.of(task, DECLARED, DECLARED);
  }

  private static String of(Map<String, Object> reader) {
    return of(reader, SETTINGS);
  }

  @Test
  void isTheSameOnEveryMachine() {
    assertThat(of(Map.of("table", "orders", "column", List.of("a", "b"), "batchSize", 3)))
        .isEqualTo("f7ce19188e05767e547ebb59fb0c9ef048d0065d54a16c67376c5c4bb18a3e90");
  }

  @Test
  void orderAndQuotesOfNumbersDoNotMatter() {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("a", 3);
    one.put("b", Map.of("x", 1));
    one.put("c", null);
    Map<String, Object> other = new LinkedHashMap<>();
    other.put("b", Map.of("x", "1"));
    other.put("a", "3");

    assertThat(of(one)).isEqualTo(of(other));
  }

  @Test
  void secretsDoNotMatter() {
    assertThat(
            of(
                Map.of(
                    "password", "old",
                    "PIN", "1",
                    "url", "jdbc:mysql://u:old@h/d?password=old",
                    "nested", Map.of("token", "old"))))
        .isEqualTo(
            of(
                Map.of(
                    "password", "new",
                    "pin", "2",
                    "url", "jdbc:mysql://u:new@h/d?password=new",
                    "nested", Map.of("token", "new"))));
  }

  @Test
  void settingsThatOnlyChangeSpeedDoNotMatter() {
    assertThat(
            of(
                Map.of(),
                SETTINGS
                    .withChannels(9)
                    .withRate(1, 1)
                    .withDirtyLimit(DirtyLimit.ofRecords(0))
                    .withRetries(0, Duration.ofSeconds(9))
                    .withStallTimeout(Duration.ofSeconds(9))))
        .isEqualTo(of(Map.of(), SETTINGS));
  }

  @Test
  void everythingElseMatters() {
    assertThat(
            List.of(
                of(Map.of()),
                of(Map.of("a", "b")),
                of(Map.of("ab", "")),
                of(Map.of("a", List.of("b"))),
                of(Map.of("a", Map.of("b", "c"))),
                of(Map.of("a", List.of("b", "c"))),
                of(Map.of("a", List.of("c", "b"))),
                of(Map.of("a", List.of(List.of("b"), "c"))),
                of(Map.of("a", true)),
                of(Map.of("host", "h1")),
                of(Map.of("host", "h2")),
                of(Map.of(), TaskSettings.defaults(ZoneId.of("Asia/Tokyo"))),
                of(Map.of(), SETTINGS.withSizes(1 << 20, 1 << 20))))
        .doesNotHaveDuplicates();
  }

  @Test
  void aNullThatIsTheWordOfAChoiceMatters() {
    Map<String, Object> without = new LinkedHashMap<>();
    without.put("other", null);
    assertThat(of(without)).isEqualTo(of(Map.of()));
    for (String key : List.of("missing", "ABSENT")) {
      Map<String, Object> bare = new LinkedHashMap<>();
      bare.put(key, null);
      assertThat(of(bare)).isEqualTo(of(Map.of(key, "null"))).isNotEqualTo(of(Map.of()));
    }
  }
}
