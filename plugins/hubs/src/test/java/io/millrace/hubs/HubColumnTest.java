package io.millrace.hubs;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.TaskForm;
import io.millrace.api.error.MillraceException;
import io.millrace.api.record.ColumnType;
import io.millrace.hubs.HubOptions.TimeStampUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HubColumnTest {

  private static HubColumn one(Object entry) {
    return HubColumn.list(List.of(entry), "x reader", TaskForm.OWN, TimeStampUnit.SECOND).get(0);
  }

  private static void assertWrong(Object entry, String... words) {
    assertThatThrownBy(
            () ->
                HubColumn.list(
                    List.of("fine", entry), "x reader", TaskForm.OWN, TimeStampUnit.SECOND))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("x reader: option 'column', entry 2: ")
        .hasMessageContainingAll(words);
  }

  @Test
  void anEntryIsANameAConstantOrAnObject() {
    assertThat(one("a b").key()).isEqualTo("a b");
    assertThat(one(7).key()).isEqualTo("7");
    assertThat(one("'it''s'").constant()).isEqualTo("it''s");
    assertThat(one("''").constant()).isEmpty();
    HubColumn named = one(Map.of("name", "city", "key", "doc", "path", "a.b", "type", "json"));
    assertThat(named.name()).isEqualTo("city");
    assertThat(named.key()).isEqualTo("doc");
    assertThat(named.field().type()).isEqualTo(ColumnType.JSON);
    assertThat(one(Map.of("key", "k")).name()).isEqualTo("k");
    HubColumn decimal = one(Map.of("name", "d", "type", "DECIMAL(12, 2)"));
    assertThat(decimal.field().precision()).isEqualTo(12);
    assertThat(decimal.field().scale()).isEqualTo(2);
  }

  @Test
  void whatIsNoneIsToldWithItsPlace() {
    assertWrong("", "expected a name");
    assertWrong(List.of("a"), "expected a name");
    assertWrong(Map.of("type", "long"), "needs a name");
    assertWrong(Map.of("name", "a", "typ", "long"), "unknown key 'typ'");
    assertWrong(Map.of("name", "a", "type", "int"), "type 'int' is not one of");
    assertWrong(Map.of("name", "a", "type", "decimal"), "needs its digits");
    assertWrong(Map.of("name", "a", "type", "decimal(2,3)"), "no such precision");
    assertWrong(Map.of("name", Map.of()), "must be a single text");
    assertWrong(Map.of("name", "a", "path", "b."), "path 'b.'");
    assertThatThrownBy(
            () -> HubColumn.list(List.of(), "x reader", TaskForm.OWN, TimeStampUnit.SECOND))
        .hasMessageContaining("at least one column");
  }
}
