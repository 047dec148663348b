package io.millrace.hubs;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Overlap;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.testkit.net.FakeHttpService;
import io.millrace.testkit.net.FakeHttpService.Fault;
import io.millrace.testkit.net.UntrustedServer;
import io.millrace.testkit.sample.Records;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What holds for the reader of every hub: windows, shards and what goes wrong, through the
 * service's own client. A connector extends this class and says how its service words things.
 */
@Timeout(60)
public abstract class HubReaderTest {

  /** 2026-11-20 00:00:00 in Berlin, the zone of the tests' task, in seconds since 1970. */
  protected static final long BEGIN = 1_795_129_200;

  /** Where the window of {@link #window} ends. */
  protected static final long END = BEGIN + 3600;

  /** The service, started. */
  protected abstract FakeHttpService service();

  /** Makes the readers. */
  protected abstract ReaderFactory factory();

  /** A new store of numbers in a column {@code n}. */
  protected abstract Store store(int shards);

  /** Ticks of the service's clock in a second. */
  protected abstract int ticks();

  /** The operation that gives records. */
  protected abstract String pull();

  /** The operations that are asked for besides shards, cursors and records. */
  protected List<String> alsoAsked() {
    return List.of();
  }

  /** The id of a shard's split. */
  protected abstract String splitId(int shard);

  /** What retention is counted in. */
  protected abstract String expiring();

  /** What the store is said to keep. */
  protected abstract String kept();

  /** An error as the service answers it. */
  protected abstract FakeHttpService.Answer error(int status, String code);

  /** The status and the code of too many requests. */
  protected abstract Map.Entry<Integer, String> throttling();

  /** A part of the message after a time-out. */
  protected abstract String timedOut();

  /** The code for a shard that is not there. */
  protected abstract String noShard();

  /** What no message may hold. */
  protected abstract List<String> account();

  /** The options again, for a service that somebody else pretends to be. */
  protected abstract Map<String, Object> pretended(Map<String, Object> options, int port);

  /** Numbers in shards. */
  public interface Store {
    String name();

    /** What reads all of it; {@link #window} bounds it. */
    Map<String, Object> options();

    /** What is put from now on arrives at this time, in the service's ticks since 1970. */
    void arriveAt(long ticks);

    void put(int shard, long number);

    /** Makes a shard read-only and puts two new ones beside it. */
    void split(int shard);

    void answerAtMost(int records);

    void keepForDays(int days);

    /** Retention removes the first records. */
    void expire(int shard, int records);

    /** Retention passes a reader between two answers. */
    void expireAfterNextAnswer(int shard, int records);

    /** Another one of the same name, with the same records. */
    void createAgain();
  }

  /** Bounds options to the window of the tests. */
  protected static Map<String, Object> window(Map<String, Object> options) {
    Map<String, Object> window = new HashMap<>(options);
    window.put("beginDateTime", "20261120000000");
    window.put("endDateTime", "20261120010000");
    window.put("retryIntervalSeconds", 0);
    return window;
  }

  private static Map<String, Object> options(Store store) {
    return window(store.options());
  }

  private static Map<String, Object> with(Store store, String key, Object value) {
    Map<String, Object> options = options(store);
    options.put(key, value);
    return options;
  }

  protected final HubReading reading(Map<String, Object> options) {
    return new HubReading(factory(), options);
  }

  private HubReading reading(Store store) {
    return reading(options(store));
  }

  private void arriveAt(Store store, long seconds) {
    store.arriveAt(seconds * ticks());
  }

  private Store holding(int shards, int records) {
    Store store = store(shards);
    arriveAt(store, BEGIN);
    for (int n = 0; n < records; n++) {
      store.put(n % shards, n);
    }
    return store;
  }

  protected static List<List<@Nullable String>> numbers(int from, int to) {
    List<List<@Nullable String>> numbers = new ArrayList<>();
    for (int n = from; n < to; n++) {
      numbers.add(List.of(String.valueOf(n)));
    }
    return Records.sorted(numbers);
  }

  private String pulling(Store store) {
    return pull() + " " + store.name();
  }

  protected final void assertFails(
      Map<String, Object> options, StandardError code, String... words) {
    try (HubReading reading = reading(options)) {
      assertThatThrownBy(
              () -> {
                reading.schema();
                reading.readAll();
              })
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.errorCode()).isEqualTo(code))
          .message()
          .contains(words)
          .doesNotContain("\n")
          .doesNotContain(account());
    }
  }

  @Test
  void theWindowIsClosedAtItsBeginAndOpenAtItsEnd() {
    Store store = store(1);
    long begin = BEGIN * ticks();
    long end = END * ticks();
    for (long time : new long[] {begin - 1, begin, begin + 1, end - 1, end, end + 1}) {
      store.arriveAt(time);
      store.put(0, time - begin);
    }
    try (HubReading reading = reading(store)) {
      assertThat(reading.readAll())
          .containsExactlyInAnyOrder(
              List.of("0"), List.of("1"), List.of(String.valueOf(end - begin - 1)));
    }
  }

  @Test
  void whatArrivesAfterPlanningIsNotRead() {
    Store store = holding(2, 10);
    try (HubReading reading = reading(store)) {
      SplitPlan plan = reading.plan(2);
      // Still inside the window, as a late clock would have it.
      arriveAt(store, BEGIN + 5);
      store.put(0, 99);
      store.split(1);
      store.put(2, 99);
      List<List<@Nullable String>> records = new ArrayList<>();
      plan.splits().forEach(split -> records.addAll(reading.read(split)));
      assertThat(Records.sorted(records)).isEqualTo(numbers(0, 10));
    }
  }

  @Test
  void manyAnswersMakeOneSplit() {
    Store store = holding(1, 25);
    store.answerAtMost(4);
    try (HubReading reading = reading(store)) {
      assertThat(reading.readAll()).isEqualTo(numbers(0, 25));
    }
    assertThat(service().requests(pulling(store))).isEqualTo(7);
  }

  @Test
  void batchSizeIsWhatIsAskedFor() {
    Store store = holding(1, 20);
    try (HubReading reading = reading(with(store, "batchSize", 5))) {
      assertThat(reading.readAll()).isEqualTo(numbers(0, 20));
    }
    assertThat(service().requests(pulling(store))).isEqualTo(4);
  }

  @Test
  void thereIsOneSplitForEachShardThatHoldsSomethingAndTheRuleSaysSo() {
    Store store = store(4);
    arriveAt(store, BEGIN - 5);
    store.put(3, 99);
    arriveAt(store, BEGIN);
    store.put(0, 0);
    store.put(2, 1);
    store.split(2);
    store.put(4, 2);
    arriveAt(store, END);
    store.put(5, 99);
    try (HubReading reading = reading(store)) {
      SplitPlan plan = reading.plan(8);
      assertThat(plan.splits())
          .extracting(Split::id)
          .containsExactly(splitId(0), splitId(2), splitId(4));
      assertThat(plan.maxConcurrency()).isEqualTo(3);
      assertThat(plan.rule())
          .isEqualTo(
              "one split for each shard that holds records of the window: 3 of 6 shards, 1 of them"
                  + " read-only; so at most 3 of the 8 channels are used");
      assertThat(reading.log())
          .contains("shard 1: skipped", "shard 3: skipped", "shard 5: skipped");
      assertThat(reading.readAll()).isEqualTo(numbers(0, 3));
    }
  }

  @Test
  void aWindowThatHoldsNothingHasNoSplit() {
    Store store = store(2);
    arriveAt(store, END);
    store.put(0, 0);
    try (HubReading reading = reading(store)) {
      SplitPlan plan = reading.plan(2);
      assertThat(plan.splits()).isEmpty();
      assertThat(plan.maxConcurrency()).isEqualTo(1);
    }
  }

  @Test
  void throttlingIsWaitedFor() {
    Store store = holding(1, 5);
    service()
        .fail(
            pulling(store),
            new Fault.Refused(error(throttling().getKey(), throttling().getValue())),
            3);
    try (HubReading reading = reading(store)) {
      assertThat(reading.readAll()).isEqualTo(numbers(0, 5));
      assertThat(reading.log())
          .contains(throttling().getValue(), "retry 3 of 7", "use less concurrency or more shards");
    }
  }

  @Test
  void aConnectionThatDropsOrStopsInTheMidstIsTriedAgain() {
    Store store = holding(1, 40);
    store.answerAtMost(10);
    service().fail(pulling(store), new Fault.Dropped(), 1);
    service().fail(pulling(store), new Fault.Cut(), 2);
    service().fail(pulling(store), new Fault.Refused(error(503, "ServerBusy")), 1);
    service().fail("shards " + store.name(), new Fault.Dropped(), 1);
    service().fail("cursor " + store.name(), new Fault.Cut(), 1);
    alsoAsked().forEach(one -> service().fail(one + " " + store.name(), new Fault.Cut(), 1));
    try (HubReading reading = reading(store)) {
      assertThat(reading.readAll()).isEqualTo(numbers(0, 40));
    }
  }

  @Test
  void retriesEnd() {
    Store store = holding(1, 5);
    service().fail(pulling(store), new Fault.Dropped(), 100);
    assertFails(with(store, "maxRetryTimes", 2), StandardError.READ, "shard 0", "(tried 3 times)");
    assertThat(service().requests(pulling(store))).isEqualTo(3);
  }

  @Test
  void aServiceThatDoesNotAnswerTimesOut() {
    Store store = holding(1, 5);
    service().hang(pulling(store));
    Map<String, Object> options = with(store, "maxRetryTimes", 1);
    options.put("socketTimeout", 200);
    assertFails(options, StandardError.READ, timedOut(), "(tried 2 times)");
  }

  @Test
  void cancellingEndsARequestThatHangs() throws Exception {
    Store store = holding(1, 5);
    service().hang(pulling(store));
    try (HubReading reading = reading(store)) {
      Split split = reading.plan(1).splits().get(0);
      CompletableFuture<?> read = CompletableFuture.runAsync(() -> reading.read(split));
      service().awaitHanging(pulling(store));
      reading.context().cancellation().cancel();
      assertThat(read)
          .failsWithin(Duration.ofSeconds(3))
          .withThrowableThat()
          .havingRootCause()
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.CANCELLED));
      assertThat(reading.context().cancellation().failures()).isEmpty();
    }
  }

  @Test
  void cancellingEndsAWaitBeforeARetry() throws Exception {
    Store store = holding(1, 5);
    try (HubReading reading = reading(with(store, "retryIntervalSeconds", 3600))) {
      Split split = reading.plan(1).splits().get(0);
      service().fail(pulling(store), new Fault.Dropped(), 100);
      CompletableFuture<?> read = CompletableFuture.runAsync(() -> reading.read(split));
      long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (!reading.log().contains("retry 1 of 7 in 3600 s")) {
        assertThat(System.nanoTime()).as("no retry: %s", reading.log()).isLessThan(end);
        TimeUnit.MILLISECONDS.sleep(5);
      }
      reading.context().cancellation().cancel();
      assertThat(read).failsWithin(Duration.ofSeconds(3));
    }
  }

  @Test
  void aBeginThatRetentionRemovedFailsInOneLine() {
    Store store = holding(1, 10);
    try (HubReading reading = reading(store)) {
      Split split = reading.plan(1).splits().get(0);
      store.expire(0, 4);
      assertThatThrownBy(() -> reading.read(split))
          .isInstanceOf(MillraceException.class)
          .hasMessageContainingAll("shard 0", "retention", "beginDateTime", "skip");
    }
  }

  @Test
  void aBeginThatRetentionRemovedIsSkippedAndCountedWhenAskedFor() {
    Store store = holding(1, 10);
    try (HubReading reading = reading(with(store, "expired", "skip"))) {
      Split split = reading.plan(1).splits().get(0);
      store.expire(0, 4);
      assertThat(Records.sorted(reading.read(split))).isEqualTo(numbers(4, 10));
      assertThat(reading.log())
          .contains("shard 0: 4 " + expiring() + " of the window were removed");
      store.expire(0, 10);
      assertThat(reading.read(split)).isEmpty();
      assertThat(reading.log())
          .contains("shard 0: 10 " + expiring() + " of the window were removed");
    }
  }

  @Test
  void aCursorThatExpiresWhileReadingIsNoticed() {
    for (String expired : new String[] {"fail", "skip"}) {
      Store store = holding(1, 10);
      store.answerAtMost(2);
      try (HubReading reading = reading(with(store, "expired", expired))) {
        Split split = reading.plan(1).splits().get(0);
        // Retention passes the reader when the first answer is on its way.
        service().fail(pulling(store), new Fault.Refused(error(503, "ServerBusy")), 1);
        store.expireAfterNextAnswer(0, 5);
        if (expired.equals("fail")) {
          assertThatThrownBy(() -> reading.read(split)).hasMessageContaining("retention");
        } else {
          assertThat(reading.read(split)).hasSize(7);
          assertThat(reading.log())
              .contains("shard 0: 3 " + expiring() + " of the window were removed");
        }
      }
    }
  }

  @Test
  void aWindowBeyondTheRetentionIsWarnedOf() {
    Store store = holding(1, 1);
    store.keepForDays(1);
    Map<String, Object> options = with(store, "beginDateTime", "20200101000000");
    options.put("endDateTime", "29991231");
    try (HubReading reading = reading(options)) {
      reading.plan(1);
      assertThat(reading.log())
          .contains(
              "keeps " + kept() + " for 1 day, ",
              "endDateTime lies ahead: what has arrived by now");
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForEndsItBeforeAnythingIsSent() {
    try (UntrustedServer untrusted = new UntrustedServer()) {
      Map<String, Object> options =
          pretended(with(holding(1, 1), "maxRetryTimes", 1), untrusted.port());
      assertFails(options, StandardError.READ, "PKIX path building failed");
      assertThat(untrusted.attempts()).isEqualTo(2);
      assertThat(untrusted.trusted()).isZero();
    }
  }

  @Test
  void aStoreThatWasCreatedAgainIsAnotherOneThoughItsNameIsTheSame() {
    Store store = holding(1, 3);
    try (HubReading reading = reading(store)) {
      Map<String, String> before = reading.reader().identity(reading.context());
      Split split = reading.plan(1).splits().get(0);
      assertThat(reading.read(split)).hasSize(3);
      assertThat(reading.reader().identity(reading.context())).hasSize(1).isEqualTo(before);
      store.createAgain();
      assertThat(reading.reader().identity(reading.context())).hasSize(1).isNotEqualTo(before);
      assertThatThrownBy(() -> reading.read(split))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.READ_REFUSED))
          .hasMessageContaining("created again since the task began");
    }
  }

  /** Gives a writer's mark of a store to somebody. */
  protected abstract void marked(Store store, java.util.function.Consumer<String> look);

  private Overlap.Kind overlap(Map<String, Object> options, Store target) {
    Overlap[] found = new Overlap[1];
    try (HubReading reading = reading(options)) {
      marked(target, mark -> found[0] = reading.reader().overlap(mark, reading.context()));
    }
    return found[0].kind();
  }

  @Test
  void whatIsWrittenToTheStoreThatIsReadIsRefusedUnlessTheWindowIsOver() {
    Store store = holding(1, 1);
    assertThat(overlap(with(store, "endDateTime", "29991231"), store))
        .isEqualTo(Overlap.Kind.CERTAIN);
    assertThat(overlap(options(store), store)).isEqualTo(Overlap.Kind.NONE);
    assertThat(overlap(with(store, "endDateTime", "29991231"), holding(1, 1)))
        .isEqualTo(Overlap.Kind.NONE);
  }

  @Test
  void aStoreWithoutAShardIsNotTakenForAnEmptyOne() {
    try (HubReading reading = reading(store(0))) {
      assertThatThrownBy(() -> reading.plan(1))
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("has no shard to read");
    }
  }

  @Test
  void aShardThatIsGoneIsToldInOneLine() {
    Store store = holding(1, 1);
    try (HubReading reading = reading(store)) {
      Split split = reading.plan(1).splits().get(0);
      Map<String, String> properties = new HashMap<>(split.properties());
      properties.put("shard", "7");
      Split gone = new Split("7", 1, properties, "shard 7", -1);
      assertThatThrownBy(() -> reading.read(gone))
          .hasMessageContainingAll("shard 7", noShard(), "start the task anew");
      Split other = new Split("7", 2, properties, "shard 7", -1);
      assertThatThrownBy(() -> reading.read(other)).hasMessageContaining("another version");
    }
  }
}
