package io.millrace.benchmarks.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CopyTaskTest {

  @Test
  void aTaskIsWrittenInMillracesOwnForm() {
    CopyTask task =
        new CopyTask("from", "into", List.of("a", "b"), "a")
            .withChannels(2)
            .withCondition("a <= 5")
            .withRate("2MB");
    assertThat(task.yaml())
        .isEqualTo(
            """
            name: into
            reader:
              mysql:
                datasource: bench
                table: from
                column: [a, b]
                splitPk: a
                where: "a <= 5"
            writer:
              mysql:
                datasource: bench
                table: into
                column: [a, b]
            setting:
              channels: 2
              dirty: none
              rate: 2MB
            """);
  }
}
