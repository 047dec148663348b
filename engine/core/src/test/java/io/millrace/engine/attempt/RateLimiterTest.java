package io.millrace.engine.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

  private final AtomicLong now = new AtomicLong(1_000);

  @Test
  void whatPassesIsPaidForInAdvanceByWaiting() {
    RateLimiter limiter = new RateLimiter(1000, 0, now::get);
    assertThat(limiter.book(500, 3)).isEqualTo(Duration.ofMillis(500));
    assertThat(limiter.book(500, 3)).isEqualTo(Duration.ofMillis(1000));
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(limiter.book(1000, 3)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void zeroBytesCostNothing() {
    RateLimiter limiter = new RateLimiter(1000, 10, now::get);
    limiter.book(5000, 0);
    assertThat(limiter.book(0, 0)).isEqualTo(Duration.ZERO);
  }

  @Test
  void theStricterOfBothLimitsCounts() {
    RateLimiter limiter = new RateLimiter(1000, 10, now::get);
    assertThat(limiter.book(1000, 20)).isEqualTo(Duration.ofSeconds(2));
    assertThat(limiter.book(1000, 1)).isEqualTo(Duration.ofMillis(2100));
  }

  @Test
  void idleTimeIsNotSavedUp() {
    RateLimiter limiter = new RateLimiter(1000, 0, now::get);
    limiter.book(1000, 1);
    now.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(limiter.book(1000, 1)).isEqualTo(Duration.ofSeconds(1));
  }
}
