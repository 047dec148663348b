package io.millrace.mysql.write;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.testkit.server.TestServer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is promised of a target, and when that is decided, on every server. */
abstract class WriterGuaranteeIT {

  private static final Schema ID_NAME =
      Schema.of(Field.of("id", ColumnType.INT64), Field.of("name", ColumnType.STRING));

  WriterHarness harness;

  abstract TestServer server();

  @BeforeEach
  void createTable() throws Exception {
    harness = new WriterHarness(server(), server().createDatabase("guarantee")).with("table", "t");
    harness.execute("CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(20)) ENGINE=InnoDB");
  }

  private WriteState prepared(RecordingContext context) {
    try (Writer writer = harness.writer()) {
      writer.check(ID_NAME, context);
      return writer.prepare(harness.plan(1, ID_NAME), context);
    }
  }

  private void isAtLeastOnce(String... reasons) {
    RecordingContext context = harness.context();
    WriteState state = prepared(context);
    assertThat(state.guarantee()).isEqualTo(Guarantee.AT_LEAST_ONCE);
    assertThat(state.reason()).contains(reasons);
    assertThat(context.lines)
        .anyMatch(line -> line.startsWith("WARN records are written at least once"));
  }

  @Test
  void theGuaranteeIsDecidedAfterPreSql() {
    harness.with(
        "preSql",
        List.of(
            "DROP TABLE IF EXISTS t",
            "CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(20)) ENGINE=MyISAM"));
    isAtLeastOnce("MyISAM");
  }

  @Test
  void theGuaranteeOfASwapIsThatOfTheTableThatIsFilled() {
    harness.with("publish", "swap").with("preSql", List.of("ALTER TABLE t ENGINE=MyISAM"));
    isAtLeastOnce("MyISAM", "__new_");
  }

  @Test
  void whatPreSqlMadeOfTheColumnsIsCheckedBeforeTheSourceIsRead() {
    harness.with("preSql", List.of("ALTER TABLE t ADD COLUMN more INT NOT NULL"));
    assertThatThrownBy(() -> prepared(harness.context()))
        .isInstanceOfSatisfying(MillraceException.class, e -> assertThat(e.isRetryable()).isFalse())
        .hasMessageContaining("the source has 2 columns")
        .hasMessageContaining("takes 3");
  }

  @Test
  void aTableThatKeepsNothingIsRefused() throws Exception {
    boolean there =
        harness
            .one("SELECT COUNT(*) FROM information_schema.ENGINES WHERE ENGINE='BLACKHOLE'")
            .equals("1");
    assumeTrue(there, "the server has no BLACKHOLE; runs with one that brings the engine");
    harness.execute("CREATE TABLE hole LIKE t", "ALTER TABLE hole ENGINE=BLACKHOLE");
    harness.with("table", "hole");
    assertThatThrownBy(() -> harness.writer().check(ID_NAME, harness.context()))
        .isInstanceOfSatisfying(
            MillraceException.class,
            e -> assertThat(e.errorCode()).isEqualTo(StandardError.CONFIGURATION))
        .hasMessageContaining("keeps nothing");
    harness.with("table", "t").with("preSql", List.of("ALTER TABLE t ENGINE=BLACKHOLE"));
    assertThatThrownBy(() -> prepared(harness.context())).hasMessageContaining("keeps nothing");
  }

  @Test
  void appendIsRefusedWhereItCouldNotBeTakenBack() throws Exception {
    harness.execute("ALTER TABLE t ENGINE=MyISAM");
    harness.with("publish", "append");
    assertThatThrownBy(() -> harness.writer().check(ID_NAME, harness.context()))
        .hasMessageContaining("adds all records in one transaction")
        .hasMessageContaining("MyISAM");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO notes VALUES (NEW.id)",
        "CALL note(NEW.id)",
        "INSERT INTO between1 VALUES (NEW.id)"
      })
  void aTriggerThatWritesToATableWithoutTransactionsLowersTheGuarantee(String body)
      throws Exception {
    harness.execute(
        "CREATE TABLE notes (i INT) ENGINE=MyISAM",
        "CREATE TABLE between1 (i INT)",
        "CREATE TRIGGER further AFTER INSERT ON between1 FOR EACH ROW INSERT INTO `notes` VALUES"
            + " (1)",
        "CREATE PROCEDURE note(n INT) INSERT INTO notes VALUES (n)",
        "CREATE TRIGGER tr AFTER INSERT ON t FOR EACH ROW " + body);
    isAtLeastOnce("trigger", "notes", "MyISAM");
    // Each record goes alone, so that nothing the trigger wrote has to be taken back.
    WriterHarness.Run run =
        harness.run(
            WriterHarness.batch(
                ID_NAME, new Object[] {1L, "a"}, new Object[] {1L, "b"}, new Object[] {2L, "c"}));
    assertThat(run.dirty()).hasSize(1);
    assertThat(harness.one("SELECT COUNT(*) FROM notes")).isEqualTo("2");
  }

  @Test
  void aTriggerThatOnlyReadsSuchATableDoesNot() throws Exception {
    harness.execute(
        "CREATE TABLE notes (i INT) ENGINE=MyISAM",
        "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.name = (SELECT MAX(i) FROM"
            + " notes)");
    assertThat(prepared(harness.context()).guarantee()).isEqualTo(Guarantee.EXACTLY_ONCE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "never"})
  void aTriggerThatTheAccountCannotSeeFailsTheTaskBeforeItsRowsStandTwice(String load)
      throws Exception {
    String account = "g" + harness.database.substring(harness.database.length() - 8);
    harness.execute(
        "CREATE TABLE notes (i INT) ENGINE=MyISAM",
        "CREATE TRIGGER tr AFTER INSERT ON t FOR EACH ROW INSERT INTO notes VALUES (NEW.id)",
        "CREATE USER " + account + " IDENTIFIED BY 'secret'",
        "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE ON " + harness.database + ".* TO " + account);
    harness.with("username", account).with("password", "secret").with("load", load);
    assertThatThrownBy(
            () ->
                harness.run(
                    WriterHarness.batch(
                        ID_NAME,
                        new Object[] {1L, "a"},
                        new Object[] {1L, "b"},
                        new Object[] {2L, "c"})))
        .isInstanceOfSatisfying(
            MillraceException.class,
            e -> assertThat(e.errorCode()).isEqualTo(StandardError.WRITE_REFUSED))
        .hasMessageContaining("cannot be taken back")
        .hasMessageContaining("grant the account TRIGGER");
    assertThat(harness.one("SELECT COUNT(*) FROM t")).isEqualTo("0");
  }

  @Test
  void anEngineThatChangedMeanwhileTakesNoCommitAndNoTakeOver() throws Exception {
    RecordingContext context = harness.context();
    try (Writer writer = harness.writer();
        Writer next = harness.writer()) {
      writer.check(ID_NAME, context);
      WriteState state = writer.prepare(harness.plan(1, ID_NAME), context);
      try (SplitWriter split = writer.open(state, "a", context)) {
        harness.execute("ALTER TABLE t ENGINE=MyISAM");
        split.write(WriterHarness.batch(ID_NAME, new Object[] {1L, "a"}));
        assertThatThrownBy(() -> split.commit(new SplitTally(1, 1, 0, 0, "")))
            .isInstanceOfSatisfying(
                MillraceException.class,
                e -> assertThat(e.errorCode()).isEqualTo(StandardError.WRITE_REFUSED))
            .hasMessageContaining("had the engine InnoDB");
      }
      assertThatThrownBy(() -> next.takeOver(state, 2, context))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.WRITE_REFUSED))
          .hasMessageContaining("promised exactly once")
          .hasMessageContaining("MyISAM");
    }
  }
}
