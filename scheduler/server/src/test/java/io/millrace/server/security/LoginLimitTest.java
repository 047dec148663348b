package io.millrace.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.StoreSettings;
import io.millrace.server.TestClock;
import io.millrace.server.TestServer;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.security.LoginLimit.Counted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Attacks on the limit of logins, by which somebody guesses, or locks others out. */
class LoginLimitTest {

  private final TestClock clock = new TestClock();
  private Database database;
  private LoginLimit limit;
  private LoginLimit otherNode;

  /** The store that the test uses; a new one each time. */
  StoreSettings store() {
    return TestServer.inMemory();
  }

  @BeforeEach
  void open() {
    database = Database.open(store());
    limit = new LoginLimit(database, clock);
    otherNode = new LoginLimit(database, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static void isRefused(LoginLimit limit, String name, String address) {
    assertThatThrownBy(() -> limit.enter(name, address))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.problem().status()).isEqualTo(429));
  }

  private void fail(int times, String name, String address) {
    for (int i = 0; i < times; i++) {
      limit.enter(name, address);
    }
  }

  @Test
  void wrongPasswordsOfOneAddressDoNotLockANameOutForOthers() {
    fail(5, "admin", "10.0.0.1");
    isRefused(limit, "admin", "10.0.0.1");
    limit.passed(limit.enter("admin", "10.0.0.2"));
  }

  @Test
  void theLimitHoldsOnAllNodesTogether() {
    fail(5, "admin", "10.0.0.1");
    isRefused(otherNode, "admin", "10.0.0.1");
  }

  @Test
  void manyAddressesSlowANameDownButNotWhereItsOwnerHasLoggedInBefore() {
    limit.passed(limit.enter("admin", "10.9.9.9"));
    for (int i = 0; i < 49; i++) {
      limit.enter("admin", "10.0.0." + i);
    }
    assertThat(limit.enter("admin", "10.0.1.0").reached()).containsExactly(Counted.NAME);
    isRefused(limit, "admin", "10.0.1.1");
    limit.passed(otherNode.enter("admin", "10.9.9.9"));
    for (int i = 0; i < 20; i++) {
      clock.advance(Duration.ofMinutes(1));
      limit.enter("admin", "10.0.2." + i);
      isRefused(limit, "admin", "10.0.3." + i);
    }
    limit.passed(limit.enter("admin", "10.9.9.9"));
    // The longest that anybody else has to wait.
    clock.advance(Duration.ofMinutes(1));
    limit.passed(limit.enter("admin", "10.4.4.4"));
  }

  @Test
  void guessingManyNamesDoesNotLockOutAnotherWhoSharesTheAddress() {
    limit.passed(limit.enter("ada", "10.0.0.1"));
    for (int i = 0; i < 30; i++) {
      limit.enter("user" + i, "10.0.0.1");
    }
    isRefused(limit, "another", "10.0.0.1");
    limit.passed(limit.enter("ada", "10.0.0.1"));
  }

  @Test
  void someoneWithAnAccountOfHisOwnDoesNotClearWhatHeHasGuessed() {
    limit.passed(limit.enter("mallory", "10.0.0.1"));
    for (int i = 0; i < 30; i++) {
      limit.enter("user" + i, "10.0.0.1");
      limit.passed(limit.enter("mallory", "10.0.0.1"));
    }
    isRefused(limit, "another", "10.0.0.1");
  }

  @Test
  void aCustomersIpv6AddressesCountAsOneAndAPortDoesNotCount() {
    for (int i = 0; i < 5; i++) {
      limit.enter("admin", "2001:db8:1:2::" + i);
    }
    isRefused(limit, "admin", "2001:db8:1:2:ffff:1:2:3");
    isRefused(limit, "admin", "[2001:db8:1:2::77]:4711");
    limit.enter("admin", "2001:db8:1:3::1");
    assertThat(ClientAddress.network("::ffff:10.0.0.1")).isEqualTo("10.0.0.1");
    assertThat(ClientAddress.network("10.0.0.1:4711")).isEqualTo("10.0.0.1");
    assertThat(ClientAddress.network("fe80::1%eth0")).isEqualTo("fe80000000000000");
    assertThat(ClientAddress.network("not:an:address")).isEqualTo("not:an:address");
  }

  @Test
  void triesThatHaveToWaitAreNotCounted() {
    fail(5, "admin", "10.0.0.1");
    for (int i = 0; i < 100; i++) {
      isRefused(limit, "admin", "10.0.0.1");
    }
    assertThat(limit.entries()).isEqualTo(3);
    clock.advance(Duration.ofSeconds(1));
    limit.passed(limit.enter("admin", "10.0.0.1"));
  }

  @Test
  void whatIsNotCountedForAnHourIsForgottenAndTheRestIsBounded() {
    LoginLimit small = new LoginLimit(database, clock, 50);
    for (int i = 0; i < 100; i++) {
      clock.advance(Duration.ofMillis(1));
      small.enter("user" + i, "10.0.0." + i);
    }
    small.forget(clock.millis());
    assertThat(small.entries()).isLessThanOrEqualTo(50);
    clock.advance(Duration.ofHours(1));
    small.forget(clock.millis());
    assertThat(small.entries()).isZero();
  }

  @Test
  void manyAtOnceAreCountedOneByOne() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    CountDownLatch together = new CountDownLatch(1);
    List<Future<Boolean>> tries = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      LoginLimit node = i % 2 == 0 ? limit : otherNode;
      tries.add(
          threads.submit(
              () -> {
                together.await();
                try {
                  node.enter("admin", "10.0.0.1");
                  return true;
                } catch (ProblemException e) {
                  return false;
                }
              }));
    }
    together.countDown();
    int entered = 0;
    for (Future<Boolean> one : tries) {
      entered += one.get() ? 1 : 0;
    }
    threads.shutdown();
    assertThat(entered).isEqualTo(5);
  }
}
