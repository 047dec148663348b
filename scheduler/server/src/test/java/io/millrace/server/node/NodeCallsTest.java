package io.millrace.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.scheduler.datasource.KeyFile;
import io.millrace.scheduler.datasource.KeySignatures;
import io.millrace.scheduler.store.Database;
import io.millrace.server.TestServer;
import io.millrace.server.problem.ProblemException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeCallsTest {

  private static final String TARGET = "/node/instances/1/attempts/1/log?file=RUN";

  @TempDir private Path directory;
  private Database database;
  private KeySignatures keys;
  private NodeCalls one;
  private NodeCalls two;

  @BeforeEach
  void open() {
    database = Database.open(TestServer.inMemory());
    keys = new KeySignatures(KeyFile.open(directory.resolve("keys")));
    one = new NodeCalls(database, keys, "one");
    two = new NodeCalls(database, keys, "two");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static void refused(NodeCalls by, String method, String target, String header) {
    assertThatThrownBy(() -> by.admit(method, target, header))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.problem().status()).isEqualTo(401));
  }

  @Test
  void aCallIsAdmittedByTheNodeItIsForAndTellsOnWhoseBehalf() {
    assertThat(two.admit("GET", TARGET, one.sign("GET", TARGET, "märia o'neil", "two")))
        .isEqualTo("märia o'neil");
  }

  @Test
  void aProofIsOfNoUseForAnythingElse() {
    String proof = one.sign("GET", TARGET, "maria", "two");
    refused(two, "HEAD", TARGET, proof);
    refused(two, "GET", TARGET.replace("RUN", "SPLIT"), proof);
    refused(two, "GET", TARGET.replace("/1/log", "/2/log"), proof);
    refused(one, "GET", TARGET, proof);
    String[] parts = proof.split(" ");
    refused(two, "GET", TARGET, parts[0] + " YWRtaW4= " + parts[2]);
    refused(two, "GET", TARGET, (Long.parseLong(parts[0]) + 1) + " " + parts[1] + " " + parts[2]);
    for (String wrong :
        List.of("", "a b c", proof + "x", proof + " x", "1 2 3", "1  ", "1 ! x.y")) {
      refused(two, "GET", TARGET, wrong);
    }
    refused(two, "GET", TARGET, null);
  }

  private String at(long secondsFromNow) {
    long now =
        database.with(
            handle ->
                handle.createQuery("SELECT " + database.dialect().now()).mapTo(Long.class).one());
    long at = now + secondsFromNow * 1000;
    return at + " eA== " + keys.sign(String.join("\n", "GET", TARGET, "" + at, "x", "two"));
  }

  @Test
  void aProofIsGoodForHalfAMinuteOfTheStoresTime() {
    assertThat(two.admit("GET", TARGET, at(-20))).isEqualTo("x");
    refused(two, "GET", TARGET, at(-35));
    refused(two, "GET", TARGET, at(35));
  }

  @Test
  void whoHasAnotherKeyFileIsNotBelieved() {
    KeySignatures others = new KeySignatures(KeyFile.open(directory.resolve("other")));
    refused(
        two, "GET", TARGET, new NodeCalls(database, others, "one").sign("GET", TARGET, "x", "two"));
  }
}
