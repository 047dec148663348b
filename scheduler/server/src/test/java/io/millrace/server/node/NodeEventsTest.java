package io.millrace.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scheduler.dispatch.Peers;
import io.millrace.scheduler.store.Database;
import io.millrace.server.TestServer;
import io.millrace.server.node.NodeEvents.Carried;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeEventsTest {

  private Database database;
  private NodeEvents one;
  private NodeEvents two;

  @BeforeEach
  void open() {
    database = Database.open(TestServer.inMemory());
    for (String node : Set.of("one", "two")) {
      new Peers(database).announce(node, "", Set.of());
      lease(node, 1, 60_000);
    }
    one = new NodeEvents(database, new Peers(database), "one");
    two = new NodeEvents(database, new Peers(database), "two");
    two.look();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void lease(String node, long epoch, long millis) {
    database.with(
        handle ->
            handle.execute(
                "UPDATE node SET epoch = ?, lease_until = "
                    + database.dialect().now()
                    + " + ?"
                    + " WHERE name = ?",
                epoch,
                millis,
                node));
  }

  private void writtenAgo(String node, long millis, String data) {
    database.with(
        handle ->
            handle.execute(
                "INSERT INTO node_event (node, at, name, data) VALUES (?, "
                    + database.dialect().now()
                    + " - ?, 'x', ?)",
                node,
                millis,
                data));
  }

  @Test
  void whatOneNodeTellsTheOtherGetsOnceAndInOrder() {
    one.write("a", "1");
    one.write("b", "2");
    assertThat(two.look().events()).containsExactly(new Carried("a", "1"), new Carried("b", "2"));
    one.write("c", "3");
    assertThat(two.look().events()).containsExactly(new Carried("c", "3"));
    assertThat(two.look()).isEqualTo(new NodeEvents.Look(java.util.List.of(), false));
    assertThat(one.look().events()).isEmpty();
  }

  @Test
  void whatIsCommittedLongAfterItWasWrittenIsSeenAllTheSame() {
    one.write("a", "early");
    assertThat(two.look().events()).hasSize(1);
    writtenAgo("one", 20_000, "late");
    assertThat(two.look().events()).containsExactly(new Carried("x", "late"));
    assertThat(two.look().events()).isEmpty();
  }

  @Test
  void theDeathOfANodeIsToldBecauseItMayHaveTakenSomethingAlong() {
    assertThat(two.look().missed()).isFalse();
    lease("one", 1, -1);
    assertThat(two.look().missed()).isTrue();
    assertThat(two.look().missed()).isFalse();
    lease("one", 2, 60_000);
    assertThat(two.look().missed()).as("it is back, and has changed nothing").isFalse();
    lease("one", 3, 60_000);
    assertThat(two.look().missed()).as("it was killed and started at once").isTrue();
  }
}
