package io.millrace.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TableNamesTest {

  @Test
  void aRangeStandsForEveryNumberInIt() {
    assertThat(TableNames.expand(List.of("t_[0-3]"))).containsExactly("t_0", "t_1", "t_2", "t_3");
    assertThat(TableNames.expand(List.of("t_[08-10]x"))).containsExactly("t_08x", "t_09x", "t_10x");
    assertThat(TableNames.expand(List.of("d_[0-1].t_[0-1]")))
        .containsExactly("d_0.t_0", "d_0.t_1", "d_1.t_0", "d_1.t_1");
  }

  @Test
  void otherNamesStayAsTheyAre() {
    assertThat(TableNames.expand(List.of("a partition (p0, p1), b")))
        .containsExactly("a partition (p0, p1)", "b");
    assertThat(TableNames.expand(List.of("a, b", "b", "`x,[0-1]`", "c[x]")))
        .containsExactly("a", "b", "`x,[0-1]`", "c[x]");
  }

  @Test
  void aRangeThatCannotBeMeantIsRefused() {
    assertThatThrownBy(() -> TableNames.expand(List.of("t_[9-0]"))).hasMessageContaining("[9-0]");
    assertThatThrownBy(() -> TableNames.expand(List.of("t_[0-999999999]")))
        .hasMessageContaining("more than");
    assertThatThrownBy(() -> TableNames.expand(List.of("a_[0-999]_[0-999]")))
        .hasMessageContaining("more than");
  }
}
