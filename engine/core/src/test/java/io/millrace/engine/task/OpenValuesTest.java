package io.millrace.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.option.ConfigOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenValuesTest {

  private enum Mode {
    INSERT,
    UPDATE
  }

  private static final List<ConfigOption<?>> DECLARED =
      List.of(
          ConfigOption.integer("size", 1, 10, "d"),
          ConfigOption.bool("print", "d"),
          ConfigOption.choice("mode", Mode.class, "d").withAliases("writeMode"),
          ConfigOption.string("where", "d"),
          ConfigOption.json("column", "d"),
          ConfigOption.string("table", "d"));

  private static boolean open(String key, Object value) {
    return OpenValues.isOpen(key, value, DECLARED);
  }

  @Test
  void whatIsDeclaredAsANumberAChoiceOrASwitchIsOpen() {
    assertThat(open("size", 7)).isTrue();
    assertThat(open("print", true)).isTrue();
    assertThat(open("writeMode", "update")).isTrue();
    assertThat(open("table", "shop.orders_[00-15]")).isTrue();
    assertThat(open("column", List.of("id", "name", "*"))).isTrue();
    assertThat(open("column", List.of(Map.of("name", "a", "type", "long", "index", 3)))).isTrue();
  }

  @Test
  void whatOnlyLooksLikeThatIsNot() {
    assertThat(open("size", "Zmarker")).isFalse();
    assertThat(open("mode", "Zmarker")).isFalse();
    assertThat(open("where", 4711)).isFalse();
    assertThat(open("where", true)).isFalse();
    assertThat(open("unknown", "Zmarker")).isFalse();
    assertThat(open("column", List.of(Map.of("type", "string", "value", "Zmarker")))).isFalse();
    assertThat(open("column", List.of(Map.of("type", "long", "value", 4711)))).isFalse();
    assertThat(open("connection", List.of(Map.of("querySql", List.of("SELECT 1"))))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"'Zmarker'", "4711", "concat(a, 'x')", "\"Zmarker\"", "a b", "now()"})
  void aColumnThatIsAnExpressionIsNoName(String column) {
    assertThat(open("column", List.of("id", column))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"(SELECT 'Zmarker') t", "t WHERE a = 1", "t;DELETE", "a'b", "a?b=c"})
  void aTableThatIsAStatementIsNoName(String table) {
    assertThat(open("table", table)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Zmarker", "{\"job\": \"Zmarker\"}", "a: [Zmarker", "reader: {x: {}}\nzz: 1"})
  void aTextThatIsNoTaskIsNotShown(String text) {
    assertThat(OpenValues.only(text, name -> DECLARED)).doesNotContain("Zmarker");
  }

  @Test
  void eachFormKeepsItsStructureAndLosesItsValues() {
    for (String form :
        List.of(
            """
            {"job": {"content": [{"reader": {"name": "r", "parameter": {"where": "Zmarker",
            "table": "t", "size": 3, "connection": [{"table": ["t"], "querySql": ["Zmarker"]}]}},
            "writer": {"name": "w", "parameter": {"preSql": ["Zmarker"], "x": {"Zmarker": 1}}}}],
            "setting": {"speed": {"channel": 3}}}}""",
            """
            {"type": "job", "version": "2.0", "steps": [
            {"stepType": "r", "category": "reader", "name": "Reader", "parameter": {"where": "Zmarker", "table": "t"}},
            {"stepType": "w", "category": "writer", "name": "Writer", "parameter": {"preSql": "Zmarker"}}],
            "setting": {"speed": {"concurrent": 3}}}""",
            "reader: {r: {where: Zmarker, table: t}}\nwriter: {w: {preSql: [Zmarker]}}\nsetting: {channels: 3}\n"
                + "description: Zmarker\n")) {
      assertThat(OpenValues.only(form, name -> DECLARED))
          .doesNotContain("Zmarker")
          .contains("\"where\" : \"(hidden)\"", "\"t\"", "3");
    }
  }
}
