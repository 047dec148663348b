package io.millrace.engine.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.attempt.Diagnosis.Figures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosisTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # what              | ch | of | splits | read | dirty | largest | retries | rWait | wWait | thr | pre | sync | post | all | says
          short               | 4  | 4  | 20     | 100  | 0     | 5       | 0       | 0     | 0     | 0   | 0   | 1    | 0    | 2   | too short to tell
          balanced            | 4  | 4  | 20     | 1000 | 0     | 60      | 0       | 40    | 50    | 0   | 0   | 100  | 0    | 100 | Nothing stands out
          slow source         | 4  | 4  | 20     | 1000 | 0     | 60      | 0       | 300   | 10    | 0   | 0   | 100  | 0    | 100 | The source was slow: channels waited for it 75 % of their time.
          slow target         | 4  | 4  | 20     | 1000 | 0     | 60      | 0       | 10    | 300   | 0   | 0   | 100  | 0    | 100 | The target was slow: channels waited for it 75 %
          throttled           | 4  | 4  | 20     | 1000 | 0     | 60      | 0       | 300   | 10    | 320 | 0   | 100  | 0    | 100 | The rate limit bounded the run: channels waited for it 80 %
          slow preSql         | 4  | 4  | 20     | 1000 | 0     | 60      | 0       | 0     | 0     | 0   | 40  | 60   | 0    | 100 | Pre-preparation took 40.0 s of 100.0 s (40 %): slow preSql?
          quick preSql        | 4  | 4  | 20     | 1000 | 0     | 60      | 0       | 0     | 0     | 0   | 9   | 10   | 0    | 20  | Nothing stands out
          slow postSql        | 4  | 4  | 20     | 1000 | 0     | 60      | 0       | 0     | 0     | 0   | 0   | 60   | 40   | 100 | slow postSql?
          skewed              | 4  | 4  | 20     | 1000 | 0     | 500     | 0       | 0     | 0     | 0   | 0   | 60   | 0    | 60  | The splits are uneven: the largest has 500 records, 10.0 times the mean (the rule).
          uneven, no matter   | 4  | 4  | 100    | 1000 | 0     | 30      | 0       | 0     | 0     | 0   | 0   | 60   | 0    | 60  | Nothing stands out
          no shard key        | 1  | 4  | 20     | 1000 | 0     | 60      | 0       | 0     | 0     | 0   | 0   | 60   | 0    | 60  | 1 of 4 channels was used (the rule).
          few splits          | 2  | 4  | 2      | 1000 | 0     | 500     | 0       | 0     | 0     | 0   | 0   | 60   | 0    | 60  | 2 of 4 channels were used, because there were 2 splits (the rule).
          one split           | 1  | 4  | 1      | 1000 | 0     | 1000    | 0       | 0     | 0     | 0   | 0   | 60   | 0    | 60  | because there was 1 split
          few dirty           | 4  | 4  | 20     | 1000 | 3     | 60      | 0       | 0     | 0     | 0   | 0   | 60   | 0    | 60  | 3 of 1000 records were dirty: each is in
          one dirty           | 4  | 4  | 20     | 4    | 1     | 1       | 0       | 0     | 0     | 0   | 0   | 60   | 0    | 60  | 1 of 4 records was dirty (25 %), and finding such costs time: it is in
          many dirty          | 4  | 4  | 20     | 1000 | 300   | 60      | 0       | 0     | 0     | 0   | 0   | 60   | 0    | 60  | 300 of 1000 records were dirty (30 %), and
          one retry           | 4  | 4  | 20     | 1000 | 0     | 60      | 1       | 0     | 0     | 0   | 0   | 60   | 0    | 60  | 1 try of a split was given up
          retries             | 4  | 4  | 20     | 1000 | 0     | 60      | 2       | 0     | 0     | 0   | 0   | 60   | 0    | 60  | 2 tries of splits were given up
          never began         | 0  | 4  | 0      | 0    | 0     | 0       | 0       | 0     | 0     | 0   | 0   | 0    | 0    | 0   | too short to tell
          """)
  void saysWhatBoundedTheRun(
      String what,
      int channels,
      int wanted,
      int splits,
      long read,
      long dirty,
      long largest,
      int retries,
      double readWait,
      double writeWait,
      double throttled,
      double pre,
      double sync,
      double post,
      double all,
      String says) {
    String paragraph =
        Diagnosis.of(
            new Figures(
                channels,
                wanted,
                splits,
                "the rule",
                read,
                0,
                dirty,
                largest,
                retries,
                readWait,
                writeWait,
                throttled,
                pre,
                sync,
                post,
                all));

    assertThat(paragraph).as(what).contains(says).doesNotContain("\n");
  }

  @Test
  void severalCausesStandInOneParagraph() {
    assertThat(
            Diagnosis.of(
                new Figures(1, 4, 9, "no splitPk", 1000, 0, 20, 500, 2, 90, 0, 0, 50, 100, 0, 150)))
        .contains("Pre-preparation")
        .contains("The source was slow")
        .contains("1 of 4 channels")
        .contains("(no splitPk)")
        .contains("20 of 1000")
        .contains("2 tries")
        .doesNotContain("uneven");
  }

  @Test
  void whatGivesMoreChannelsIsSaidByTheRuleOfTheReaderAlone() {
    String rule = "by file: 1 file; splitBy volume cuts large ones";
    for (int splits : new int[] {1, 9}) {
      assertThat(
              Diagnosis.of(
                  new Figures(1, 4, splits, rule, 1000, 0, 0, 900, 0, 90, 0, 0, 0, 100, 0, 150)))
          .contains(rule)
          .doesNotContain("splitPk");
    }
  }
}
