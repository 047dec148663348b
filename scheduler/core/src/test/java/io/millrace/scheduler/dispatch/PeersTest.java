package io.millrace.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scheduler.Stores;
import io.millrace.scheduler.store.Database;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeersTest {

  private final Database database = Stores.memory();
  private final Peers peers = new Peers(database);
  private final Nodes nodes = new Nodes(database.dialect(), Duration.ofSeconds(30));

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aNodeIsReachedAtItsLastAddressFromItsFirstRegistrationOn() {
    peers.announce("a", "http://10.0.0.3:1", Set.of("p"));
    assertThat(peers.find("a")).contains(new Peers.Peer("a", "http://10.0.0.3:1", 0, false));
    Node node = database.inTransaction(handle -> nodes.register(handle, "a"));
    assertThat(node.epoch()).isEqualTo(1);
    assertThat(peers.find("a")).contains(new Peers.Peer("a", "http://10.0.0.3:1", 1, true));
    peers.announce("a", "http://10.0.0.3:2", Set.of("p"));
    database.inTransaction(handle -> nodes.register(handle, "a"));
    assertThat(peers.all()).containsExactly(new Peers.Peer("a", "http://10.0.0.3:2", 2, true));
    assertThat(peers.find("b")).isEmpty();
  }

  @Test
  void onlyLivingNodesOfOtherKeysAreStrangers() {
    for (String name : new String[] {"a", "b", "dead"}) {
      peers.announce(name, "", Set.of("old-" + name, "of " + name));
    }
    database.inTransaction(handle -> nodes.register(handle, "a"));
    database.inTransaction(handle -> nodes.register(handle, "b"));
    assertThat(peers.withOtherKeys("c", Set.of("of c"))).containsExactly("a", "b");
    assertThat(peers.withOtherKeys("c", Set.of("new", "of a"))).containsExactly("b");
    assertThat(peers.withOtherKeys("a", Set.of("of a", "of b"))).isEmpty();
  }
}
