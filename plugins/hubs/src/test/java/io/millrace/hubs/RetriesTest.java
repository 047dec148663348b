package io.millrace.hubs;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.testkit.context.TestContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RetriesTest {

  private final TestContext context = TestContext.create();
  private final AtomicInteger calls = new AtomicInteger();

  private int failing(int times, StandardError code) {
    int call = calls.incrementAndGet();
    if (call <= times) {
      throw new MillraceException(code, "call " + call + " failed");
    }
    return call;
  }

  private static Retries at(int times, Duration pause) {
    return new Retries(times, pause, pause);
  }

  @Test
  void whatPassesIsTriedAgainAndSaid() {
    Retries retries = new Retries(3, Duration.ofMillis(1), Duration.ofMillis(2));
    assertThat(retries.run(context, () -> failing(3, StandardError.READ))).isEqualTo(4);
    assertThat(context.log().lines())
        .containsExactly(
            "call 1 failed; retry 1 of 3 in 1 ms",
            "call 2 failed; retry 2 of 3 in 2 ms",
            "call 3 failed; retry 3 of 3 in 2 ms");
  }

  @Test
  void whatLastsIsNot() {
    assertThatThrownBy(
            () -> at(3, Duration.ZERO).run(context, () -> failing(9, StandardError.READ_REFUSED)))
        .hasMessage("call 1 failed");
    assertThat(calls).hasValue(1);
  }

  @Test
  void itEndsAfterTheLastTry() {
    assertThatThrownBy(
            () -> at(2, Duration.ZERO).run(context, () -> failing(9, StandardError.READ)))
        .isInstanceOf(MillraceException.class)
        .hasMessage("call 3 failed (tried 3 times)");
  }

  @Test
  void aCancellationEndsThePause() throws Exception {
    CountDownLatch failed = new CountDownLatch(1);
    CompletableFuture<?> run =
        CompletableFuture.runAsync(
            () ->
                at(9, Duration.ofHours(1))
                    .run(
                        context,
                        () -> {
                          failed.countDown();
                          return failing(9, StandardError.READ);
                        }));
    failed.await();
    context.cancellation().cancel();
    assertThat(run).failsWithin(Duration.ofSeconds(5));
    assertThat(calls).hasValue(1);
    assertThat(context.cancellation().registrations()).isZero();
  }
}
