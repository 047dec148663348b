package io.millrace.mysql.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class IntegerCutterTest {

  /** Keys in memory, whose estimates are off as an optimizer's are. */
  private static final class FakeKeys implements IntegerKeys {
    private final long[] sorted;
    private final LongPredicate where;
    private final Random noise = new Random(7);
    private final double error;
    private int questions;

    FakeKeys(long[] keys, double error, LongPredicate where) {
      this.sorted = keys.clone();
      Arrays.sort(sorted);
      this.error = error;
      this.where = where;
    }

    private int indexOf(BigInteger key) {
      long wanted = key.min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
      int low = 0;
      int high = sorted.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (sorted[middle] < wanted) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    @Override
    public long rows() {
      return sorted.length;
    }

    @Override
    public long estimate() {
      return sorted.length;
    }

    @Override
    public Optional<long[]> all(int limit) {
      long[] matching = LongStream.of(sorted).filter(where).toArray();
      return matching.length > limit ? Optional.empty() : Optional.of(matching);
    }

    @Override
    public Optional<Range> range() {
      return sorted.length == 0
          ? Optional.empty()
          : Optional.of(
              new Range(
                  BigInteger.valueOf(sorted[0]),
                  BigInteger.valueOf(sorted[sorted.length - 1]).add(BigInteger.ONE)));
    }

    @Override
    public long[] estimates(List<Range> ranges) {
      return ranges.stream().mapToLong(this::estimate).toArray();
    }

    private long estimate(Range range) {
      questions++;
      int rows = indexOf(range.to()) - indexOf(range.from());
      // Never more than half of the table, as InnoDB has it; never zero.
      double off = 1 + error * (2 * noise.nextDouble() - 1);
      return Math.max(1, Math.min(sorted.length / 2, Math.round(rows * off)));
    }

    @Override
    public Sample sample(Range range, int rows) {
      questions++;
      int from = indexOf(range.from());
      int to = Math.min(from + rows, indexOf(range.to()));
      int matching = 0;
      for (int i = from; i < to; i++) {
        matching += where.test(sorted[i]) ? 1 : 0;
      }
      return new Sample(to - from, matching);
    }

    @Override
    public boolean hasCondition() {
      return !where.test(Long.MIN_VALUE + 1);
    }

    @Override
    public BigInteger toInteger(long bits) {
      return BigInteger.valueOf(bits);
    }

    /** The matching rows in each range that the bounds make. */
    int[] sizes(List<BigInteger> bounds) {
      int[] sizes = new int[bounds.size() + 1];
      for (long key : sorted) {
        if (where.test(key)) {
          int i = 0;
          while (i < bounds.size() && bounds.get(i).longValueExact() <= key) {
            i++;
          }
          sizes[i]++;
        }
      }
      return sizes;
    }
  }

  private static FakeKeys keys(LongStream keys, double error) {
    return new FakeKeys(keys.toArray(), error, key -> true);
  }

  private static Cut cut(FakeKeys keys, int readUpTo, int count) {
    Cut cut = new IntegerCutter(keys, readUpTo, () -> false).cut(count);
    BigInteger last = null;
    for (BigInteger bound : cut.bounds()) {
      if (last != null) {
        assertThat(bound).isGreaterThan(last);
      }
      last = bound;
    }
    return cut;
  }

  private static void assertBalanced(FakeKeys keys, Cut cut, int count) {
    int[] sizes = keys.sizes(cut.bounds());
    double mean = Arrays.stream(sizes).average().orElseThrow();
    assertThat(sizes).hasSize(count);
    assertThat(Arrays.stream(sizes).max().orElseThrow())
        .as(Arrays.toString(sizes))
        .isLessThanOrEqualTo((int) (2 * mean));
  }

  @Test
  void fewKeysAreCutExactly() {
    FakeKeys keys = keys(LongStream.range(0, 1000), 0);
    Cut cut = cut(keys, 1000, 4);
    assertThat(keys.sizes(cut.bounds())).containsExactly(250, 250, 250, 250);
    assertThat(cut.rows()).containsExactly(250L, 250L, 250L, 250L);
  }

  @Test
  void rowsWithOneKeyStayTogether() {
    FakeKeys keys = keys(LongStream.range(0, 1000).map(i -> i < 700 ? 5 : i), 0);
    Cut cut = cut(keys, 1000, 4);
    assertThat(keys.sizes(cut.bounds())).containsExactly(700, 100, 100, 100);
  }

  @Test
  void fewerKeysThanRangesGiveFewerRanges() {
    FakeKeys keys = keys(LongStream.of(1, 1, 2, 3), 0);
    assertThat(cut(keys, 1000, 10).bounds()).hasSizeLessThan(4);
    assertThat(cut(keys(LongStream.of(1, 1), 0), 1000, 10).bounds()).isEmpty();
    assertThat(cut(keys(LongStream.empty(), 0), 1000, 10).bounds()).isEmpty();
    assertThat(cut(keys(LongStream.empty(), 0), -1, 10).bounds()).isEmpty();
  }

  @Test
  void skewedKeysAreBalancedByEstimates() {
    FakeKeys keys = keys(LongStream.range(0, 500_000).map(i -> i % 100 == 0 ? i * 10_000 : i), 0.3);
    assertBalanced(keys, cut(keys, 0, 15), 15);
    assertThat(keys.questions).isLessThan(1000);
  }

  @Test
  void clustersInAHugeRangeAreFound() {
    LongStream clusters =
        LongStream.range(0, 300_000)
            .map(i -> (i % 3 == 0 ? -4_000_000_000_000_000_000L : 1L << (i % 3 * 30)) + i);
    FakeKeys keys = keys(clusters, 0.3);
    assertBalanced(keys, cut(keys, 0, 15), 15);
    assertThat(keys.questions).isLessThan(1500);
  }

  @Test
  void aKeyWithMostRowsDoesNotUnbalanceTheOthers() {
    FakeKeys keys = keys(LongStream.range(0, 200_000).map(i -> i % 2 == 0 ? 77_777 : i), 0.1);
    Cut cut = cut(keys, 0, 10);
    int[] sizes = keys.sizes(cut.bounds());
    Arrays.sort(sizes);
    assertThat(sizes[sizes.length - 1]).isBetween(100_000, 115_000);
    assertThat(sizes[sizes.length - 2]).isLessThan(40_000);
  }

  @Test
  void aConditionThatGathersRowsIsSeenInSamples() {
    FakeKeys keys =
        new FakeKeys(
            LongStream.range(0, 400_000).toArray(), 0.1, key -> key >= 200_000 && key % 3 == 0);
    Cut cut = cut(keys, 0, 10);
    assertThat(cut.how()).contains("samples");
    assertBalanced(keys, cut, 10);
  }

  @Test
  void aConditionThatHardlyAnyRowMeetsLeavesTheTablesOwnBalance() {
    FakeKeys keys = new FakeKeys(LongStream.range(0, 400_000).toArray(), 0, key -> key == 123_456);
    Cut cut = cut(keys, -1, 10);
    assertThat(cut.how()).contains("too few rows");
    assertThat(cut.bounds()).hasSize(9);
  }

  @Test
  void planningEndsWhenTimeIsUp() {
    FakeKeys keys = keys(LongStream.range(0, 1000), 0);
    Cut cut = new IntegerCutter(keys, 0, () -> true).cut(10);
    assertThat(cut.bounds()).hasSize(9);
    assertThat(keys.questions).isEqualTo(1);
  }
}
