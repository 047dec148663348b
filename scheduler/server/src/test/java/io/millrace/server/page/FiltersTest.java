package io.millrace.server.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.StoreSettings;
import io.millrace.server.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FiltersTest {

  private Database database;

  @BeforeEach
  void open() {
    database =
        Database.open(
            new StoreSettings("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "", ""));
    int at = 0;
    for (String who : List.of("Ada", "50%", "a_b", "x' OR '1'='1")) {
      int now = at++;
      database.useTransaction(
          handle ->
              handle
                  .createUpdate(
                      "INSERT INTO audit (at, who, action, subject, why, detail)"
                          + " VALUES (:at, :who, 'a', '', '', '')")
                  .bind("at", now)
                  .bind("who", who)
                  .execute());
    }
  }

  @AfterEach
  void close() {
    database.close();
  }

  private List<String> found(Filters filters) {
    return database.with(
        handle ->
            filters
                .bind(
                    handle.createQuery(
                        "SELECT who FROM audit WHERE " + filters.condition() + " ORDER BY at"))
                .mapTo(String.class)
                .list());
  }

  @Test
  void withoutConditionsEverythingIsFound() {
    assertThat(found(new Filters().equal("who", Optional.empty()).oneOf("who", List.of())))
        .hasSize(4);
  }

  @Test
  void textIsSearchedAsItStands() {
    assertThat(found(new Filters().contains("who", Optional.of("%")))).containsExactly("50%");
    assertThat(found(new Filters().contains("who", Optional.of("_")))).containsExactly("a_b");
    assertThat(found(new Filters().contains("who", Optional.of("AD")))).containsExactly("Ada");
    assertThat(found(new Filters().contains("who", Optional.of("' OR '"))))
        .containsExactly("x' OR '1'='1");
    assertThat(found(new Filters().contains("who", Optional.of("!")))).isEmpty();
  }

  @Test
  void conditionsHoldTogether() {
    assertThat(
            found(
                new Filters()
                    .from("at", Optional.of(1))
                    .before("at", Optional.of(3))
                    .equal("who", Optional.of("a_b"))))
        .containsExactly("a_b");
  }

  @Test
  void aCursorComesBackAsItWasAndNothingElseDoes() {
    Cursor cursor = new Cursor(-5, Long.MAX_VALUE);
    assertThat(Cursor.of("after", cursor.text())).isEqualTo(cursor);
    for (String wrong : List.of("", "!", "MToyOjM", "' OR 1=1")) {
      assertThatThrownBy(() -> Cursor.of("after", wrong)).isInstanceOf(ProblemException.class);
    }
  }
}
