package io.millrace.api.option;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Sensitive;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

  enum Mode {
    WRITE_NULL,
    SKIP_NULL
  }

  private static final ConfigOption<String> TABLE =
      ConfigOption.string("table", "the table").mandatory().withAliases("tableName");
  private static final ConfigOption<Long> FACTOR =
      ConfigOption.integer("splitFactor", 1, 100, "splits per channel").withDefault(5L);
  private static final ConfigOption<Mode> MODE =
      ConfigOption.choice("nullMode", Mode.class, "what NULL does").withDefault(Mode.WRITE_NULL);
  private static final ConfigOption<List<String>> COLUMNS =
      ConfigOption.strings("column", "the columns");
  private static final ConfigOption<Boolean> PRINT = ConfigOption.bool("print", "print or not");
  private static final ConfigOption<Long> SECRET =
      ConfigOption.integer("pin", 0, 9, "a secret").asSecret();
  private static final List<ConfigOption<?>> ALL =
      List.of(TABLE, FACTOR, MODE, COLUMNS, PRINT, SECRET);

  @Test
  void valuesAreFoundByKeyAliasAndAnyCase() {
    Options options =
        Options.check(
                ALL,
                Map.of(
                    "TABLENAME", "t", "splitfactor", "7", "nullMode", "skipnull", "print", "TRUE"))
            .options();
    assertThat(options.get(TABLE)).isEqualTo("t");
    assertThat(options.get(FACTOR)).isEqualTo(7);
    assertThat(options.get(MODE)).isEqualTo(Mode.SKIP_NULL);
    assertThat(options.get(PRINT)).isTrue();
    assertThat(options.find(COLUMNS)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"skipNull", "SKIP_NULL", "skip null", " Skip  Null "})
  void aChoiceOfSeveralWordsIsFoundHoweverTheyAreParted(String text) {
    Options options = Options.check(ALL, Map.of("table", "t", "nullMode", text)).options();
    assertThat(options.get(MODE)).isEqualTo(Mode.SKIP_NULL);
  }

  @Test
  void everyProblemIsToldAtOnce() {
    Map<String, Object> raw = new HashMap<>();
    raw.put("splitFactor", 101);
    raw.put("nullMode", "maybe");
    raw.put("column", List.of("a", Map.of()));
    raw.put("print", "yes");
    assertThat(Options.check(ALL, raw).problems().stream().map(Sensitive::plain))
        .containsExactly(
            "option 'table' is missing: the table",
            "option 'splitFactor': must be between 1 and 100, found 101",
            "option 'nullMode': 'maybe' is not one of writeNull, skipNull",
            "option 'column': expected a text, found an object",
            "option 'print': expected true or false, found 'yes'");
  }

  @Test
  void unknownKeysNameTheNearestKnownOne() {
    Map<String, Object> raw = Map.of("table", "t", "splitFaktor", 1, "zzzzzzzzz", 1);
    assertThat(Options.check(ALL, raw).unknown())
        .containsExactlyInAnyOrder(
            new Options.UnknownKey("splitFaktor", "splitFactor"),
            new Options.UnknownKey("zzzzzzzzz", null));
  }

  @Test
  void contradictingSpellingsAreAProblem() {
    assertThat(Options.check(ALL, Map.of("table", "a", "tableName", "b")).problems())
        .singleElement()
        .asString()
        .contains("contradict each other");
    assertThat(Options.check(ALL, Map.of("table", "a", "tableName", "a")).problems()).isEmpty();
  }

  @Test
  void nullAndBlankCountAsNotGivenButAnEmptyTextStays() {
    Map<String, Object> raw = new HashMap<>();
    raw.put("table", "");
    raw.put("splitFactor", " ");
    raw.put("print", null);
    Options.Checked checked = Options.check(ALL, raw);
    assertThat(checked.problems()).isEmpty();
    assertThat(checked.options().get(TABLE)).isEmpty();
    assertThat(checked.options().get(FACTOR)).isEqualTo(5);
  }

  private enum Missing {
    FAIL,
    NULL
  }

  /** YAML and JSON have no other way to say the word without quotes. */
  @Test
  void aNullIsTheWordNullWhereAChoiceHasIt() {
    ConfigOption<Missing> missing =
        ConfigOption.choice("missing", Missing.class, "what is missing").withDefault(Missing.FAIL);
    List<ConfigOption<?>> options = List.of(missing, MODE);
    Map<String, Object> raw = new HashMap<>();
    assertThat(Options.check(options, raw).options().get(missing)).isEqualTo(Missing.FAIL);
    raw.put("missing", null);
    raw.put("nullMode", null);
    Options.Checked checked = Options.check(options, raw);
    assertThat(checked.options().get(missing)).isEqualTo(Missing.NULL);
    assertThat(checked.options().get(MODE)).isEqualTo(Mode.WRITE_NULL);
    raw.put("missing", "null");
    assertThat(Options.check(options, raw).options().get(missing)).isEqualTo(Missing.NULL);
  }

  @Test
  void aBadSecretIsNotShown() {
    assertThat(Options.check(ALL, Map.of("table", "t", "pin", "12345")).problems())
        .containsExactly("option 'pin': bad value");
  }

  @Test
  void aSingleTextIsAListOfOne() {
    assertThat(Options.check(ALL, Map.of("table", "t", "column", "*")).options().get(COLUMNS))
        .containsExactly("*");
  }
}
