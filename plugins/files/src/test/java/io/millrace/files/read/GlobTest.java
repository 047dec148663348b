package io.millrace.files.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.TaskForm;
import io.millrace.files.option.Dialect;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GlobTest {

  private static final PathSyntax OWN = PathSyntax.of(TaskForm.OWN, Dialect.OWN);
  private static final PathSyntax DATAX = PathSyntax.of(TaskForm.DATAX, Dialect.DATAX);
  private static final PathSyntax DATAWORKS = PathSyntax.of(TaskForm.DATAWORKS, Dialect.DATAX);

  private static boolean matches(String pattern, String name) {
    return Glob.of(pattern, OWN).matches(name);
  }

  @Test
  void manyStarsAgainstALongNameAreNotTriedInEveryOrder() {
    String pattern = "/dir/" + "*a".repeat(14) + "*b";
    String name = "/dir/" + "a".repeat(250);
    long start = System.nanoTime();
    for (PathSyntax syntax : new PathSyntax[] {OWN, DATAX, DATAWORKS}) {
      assertThat(Glob.of(pattern, syntax).matches(name)).isFalse();
      assertThat(Glob.of(pattern, syntax).matches(name + "b")).isTrue();
    }
    assertThat(Glob.of("**/" + "**/".repeat(50) + "x", OWN).matches("a/".repeat(2000) + "y"))
        .isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void aStarStaysWithinAFolderAndTwoCrossFolders() {
    assertThat(matches("in/*.csv", "in/a.csv")).isTrue();
    assertThat(matches("in/*.csv", "in/b/a.csv")).isFalse();
    assertThat(matches("in/**.csv", "in/b/a.csv")).isTrue();
    assertThat(matches("in/*", "in/b/a.csv")).as("in a folder that fits").isTrue();
    assertThat(matches("in/?.csv", "in/\ud83d\ude00.csv")).isTrue();
  }

  @Test
  void twoStarsAsAFolderStandForAnyNumberOfFoldersAlsoNone() {
    for (String name : new String[] {"in/a.csv", "in/b/a.csv", "in/b/c/a.csv"}) {
      assertThat(matches("in/**/*.csv", name)).as(name).isTrue();
      assertThat(matches("**/a.csv", name)).as(name).isTrue();
      assertThat(Glob.of("in/**/*.csv", DATAX).matches(name)).as(name).isTrue();
    }
    assertThat(matches("in/**/b/*.csv", "in/b/a.csv")).isTrue();
    assertThat(matches("in/**/b/*.csv", "in/xb/a.csv")).isFalse();
    assertThat(matches("in/**/a.csv", "in/xa.csv")).isFalse();
  }

  @Test
  void inADataxDocumentOnlyStarAndQuestionMarkMeanSomething() {
    assertThat(Glob.of("r[1].csv", DATAX).matches("r[1].csv")).isTrue();
    assertThat(Glob.of("r[1].csv", DATAX).matches("r1.csv")).isFalse();
    assertThat(Glob.of("a\\*.csv", DATAX).matches("a\\b.csv")).isTrue();
    assertThat(Glob.of("r[1.csv", DATAX).matches("r[1.csv")).isTrue();
    assertThat(DATAX.list("a,b.csv")).containsExactly("a,b.csv");
  }

  @Test
  void aDataworksDocumentKnowsSetsAndCommasAndNoBackslash() {
    assertThat(Glob.of("r[0-9].csv", DATAWORKS).matches("r1.csv")).isTrue();
    assertThat(DATAWORKS.list("a.csv, b.csv")).containsExactly("a.csv", "b.csv");
    assertThat(Glob.of("a\\*.csv", DATAWORKS).matches("a\\b.csv")).isTrue();
  }

  @Test
  void theShortFormHasAnEscapeForEverythingThatMeansSomething() {
    assertThat(OWN.list("a\\,b.csv,c")).containsExactly("a\\,b.csv", "c");
    assertThat(matches("a\\,b\\*\\?\\[\\\\.csv", "a,b*?[\\.csv")).isTrue();
    assertThat(matches("a\\*.csv", "ab.csv")).isFalse();
  }

  @Test
  void setsHoldRangesAndTheirContrary() {
    assertThat(matches("[a-cx-]1", "b1")).isTrue();
    assertThat(matches("[a-cx-]1", "-1")).isTrue();
    assertThat(matches("[a-cx-]1", "d1")).isFalse();
    assertThat(matches("[!a]1", "b1")).isTrue();
    assertThat(matches("d/[!a]", "d//")).isFalse();
    for (String wrong : new String[] {"a[", "a[1", "[z-a]", "[!]"}) {
      assertThatThrownBy(() -> Glob.of(wrong, OWN)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void twoPatternsMeetWhereOneNameFitsBoth() {
    String made = "in/dt=*/part__????????????????_*.csv";
    for (String read :
        new String[] {
          "in", "in/", "in/**/*.csv", "in/*/*", "in/dt=2024/", "**", "in/dt=2024*/p*_[0-9]*",
        }) {
      assertThat(Glob.of(made, OWN).withoutFolders().meets(Glob.of(read, OWN))).as(read).isTrue();
    }
    String flat = "in/part__????????????????_*.csv";
    for (String read :
        new String[] {
          "out/**",
          "in/**/*.parquet",
          "in/x*",
          "in/part.csv",
          "inn/",
          "in/part__*.gz",
          "in/part_?.csv"
        }) {
      assertThat(Glob.of(flat, OWN).withoutFolders().meets(Glob.of(read, OWN))).as(read).isFalse();
    }
    assertThat(Glob.of(made, OWN).withoutFolders().meets(Glob.of("in/dt=2024/x*", OWN))).isFalse();
  }
}
