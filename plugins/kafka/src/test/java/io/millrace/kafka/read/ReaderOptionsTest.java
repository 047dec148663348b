package io.millrace.kafka.read;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import io.millrace.api.option.Options;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReaderOptionsTest {

  private static ReaderOptions options(String key, Object value) {
    Map<String, Object> raw = new HashMap<>(Map.of("server", "a:1", "topic", "t"));
    raw.put(key, value);
    Options.Checked checked = Options.check(DeclaredOptions.all(), raw);
    assertThat(checked.problems()).isEmpty();
    return ReaderOptions.of(checked.options(), ZoneOffset.UTC, LocalFiles.ANYWHERE);
  }

  @Test
  void aListOfPartitionsThatNamesNoneIsNotTakenForAll() {
    for (Object none : List.of(List.of(), List.of(""), List.of(" , "), ",")) {
      assertThatThrownBy(() -> options("partition", none))
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("option 'partition' names none");
    }
    assertThat(options("partition", List.of("1,2", "2")).partitions()).containsExactly(1, 2);
    assertThat(options("groupId", "g").partitions()).isEmpty();
  }

  @Test
  void aPathThatWouldBeNullInEveryRecordIsRefusedButNotTheNameOfAFieldOfText() {
    assertThatThrownBy(() -> options("column", List.of("a[*].b")))
        .hasMessageContaining("option 'column': path 'a[*].b' is not one such as");
    Map<String, Object> raw =
        Map.of("server", "a:1", "topic", "t", "dataFormat", "csv", "column", List.of("price[EUR]"));
    assertThat(
            ReaderOptions.of(
                    Options.check(DeclaredOptions.all(), raw).options(),
                    ZoneOffset.UTC,
                    LocalFiles.ANYWHERE)
                .layout()
                .schema()
                .field(0)
                .name())
        .isEqualTo("price[EUR]");
  }
}
