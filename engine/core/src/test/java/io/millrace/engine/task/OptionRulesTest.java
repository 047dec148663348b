package io.millrace.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.option.ConfigOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionRulesTest {

  private static final OptionRules RULES =
      OptionRules.of(
          List.of(
              ConfigOption.string("host", "d").withAliases("server").directsSecrets(),
              ConfigOption.string("url", "d").asUrl(List.of("timeout")).directsSecrets(),
              ConfigOption.string("pin", "d").asSecret(),
              ConfigOption.string("table", "d"),
              ConfigOption.string("password", "d"),
              ConfigOption.string("tokenColumn", "d").withOpenContent(),
              ConfigOption.json("column", "d").withOpenContent(),
              ConfigOption.json("headers", "d").withPrivateContent(),
              ConfigOption.json("free", "d"),
              ConfigOption.json("config", "d")
                  .withContent(
                      List.of(
                          ConfigOption.string("timeout", "d"),
                          ConfigOption.string("protocol", "d").directsSecrets(),
                          ConfigOption.string("key", "d").asSecret()))));

  private static Map<String, Object> map(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  @Test
  void whatIsNotDeclaredOpenInAnObjectIsHidden() {
    assertThat(
            RULES.shown(
                map(
                    "HOST",
                    "h",
                    "url",
                    "https://u:pw@h/?timeout=3&sig=abc",
                    "pin",
                    1234,
                    "table",
                    "t",
                    "password",
                    "undeclared, but its name says so",
                    "column",
                    List.of(map("name", "a", "password", "no secret here")),
                    "headers",
                    map("a", "x", "n", 3, "on", true),
                    "free",
                    List.of("a", map("sk", "x", "b", List.of("y"))),
                    "config",
                    map(
                        "timeout", 3,
                        "protocol", "SSL",
                        "key", "k",
                        "Authorization", "z",
                        "ssl.keystore.key", List.of("pem")),
                    "other",
                    "unknown")))
        .isEqualTo(
            map(
                "HOST", "h",
                "url", "https://u:***@h/?timeout=3&sig=***",
                "pin", "***",
                "table", "t",
                "password", "***",
                "column", List.of(map("name", "a", "password", "no secret here")),
                "headers", map("a", "***", "n", "***", "on", true),
                "free", List.of("a", map("sk", "***", "b", List.of("***"))),
                "config",
                    map(
                        "timeout", 3,
                        "protocol", "SSL",
                        "key", "***",
                        "Authorization", "***",
                        "ssl.keystore.key", List.of("***")),
                "other", "***"));
  }

  @Test
  void valuesThatAreOnlyHiddenAreLookedForWhenTheyAreLong() {
    assertThat(
            RULES.secrets(
                map(
                    "pin", "12",
                    "table", "orders-of-today",
                    "headers", map("a", "crm", "b", "Bearer abcdef"),
                    "config", map("x", "y", "timeout", "30000000"),
                    "url", "https://u:pw@h/")))
        .containsExactlyInAnyOrder("12", "Bearer abcdef", "y", "pw");
  }

  @Test
  void whatDirectsSecretsIsFoundInAnySpelling() {
    for (Map<String, Object> each :
        List.of(
            map("host", "h"),
            map("SERVER", ""),
            map("ho\u017ft", "h"), // which the api takes for host, and a lower case does not
            map("url", List.of("u")),
            map("free", List.of(map("anything", 1))),
            map("config", map("protocol", "x")),
            map("config", List.of(map("protocol ", "x"))),
            map("config", map("timeout", map("x", "y"))))) {
      assertThat(RULES.directing(each)).as("%s", each).isPresent();
    }
    for (Map<String, Object> each :
        List.of(
            map("table", "t"),
            map("pin", "p"),
            map("column", List.of(map("host", "h"))),
            map("headers", map("host", "h")),
            map("free", List.of("a")),
            map("config", map("timeout", 3)),
            map("unknown", "x"))) {
      assertThat(RULES.directing(each)).as("%s", each).isEmpty();
    }
  }

  @Test
  void namesCountWhereAConnectorDeclaresNothing() {
    OptionRules silent =
        OptionRules.of(
            List.of(ConfigOption.string("endpoint", "d"), ConfigOption.string("a", "d")));

    assertThat(silent.directing(map("endpoint", "e"))).isPresent();
    assertThat(silent.directing(map("a", "e"))).isEmpty();
    assertThat(OptionRules.UNKNOWN.shown(map("host", "h", "x", "y", "sslKey", map("z", 1))))
        .isEqualTo(map("host", "h", "x", "***", "sslKey", map("z", "***")));
  }

  @Test
  void theStricterOfBothEndsCounts() {
    OptionRules both =
        OptionRules.of(
            List.of(
                ConfigOption.json("a", "d").withOpenContent(),
                ConfigOption.json("a", "d").withPrivateContent(),
                ConfigOption.string("b", "d"),
                ConfigOption.string("b", "d").asSecret()));

    assertThat(both.shown(map("a", map("x", "y"), "b", "z")))
        .isEqualTo(map("a", map("x", "***"), "b", "***"));
  }
}
