package io.millrace.mysql.split;

import io.millrace.api.Counted;
import io.millrace.mysql.split.IntegerKeys.Range;
import io.millrace.mysql.split.IntegerKeys.Sample;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * Finds bounds that give ranges of about equal numbers of rows. See docs/adr/0013.
 *
 * <p>Where few rows match, their keys are read: the bounds are exact. Else the key space is halved,
 * always where most rows are, until there are many small cells; each costs a dive into the index.
 * Rows are then counted out over the cells.
 */
final class IntegerCutter {

  /** Reading so many keys takes some tenths of a second. */
  static final int READ_KEYS_UP_TO = 300_000;

  /** Cells for each range that is wanted: a cell's error is an eighth of a range. */
  private static final int CELLS_PER_RANGE = 8;

  /** Questions that may be asked however few ranges are wanted; each takes a fraction of a ms. */
  private static final int FEWEST_QUESTIONS = 2000;

  /** Questions that go to the server together. */
  private static final int QUESTIONS_AT_ONCE = 32;

  private static final int SAMPLE_ROWS = 100;

  /** With fewer matching rows in all samples, nothing can be said about where they are. */
  private static final int FEWEST_MATCHING = 30;

  private final IntegerKeys keys;
  private final int readKeysUpTo;
  private final BooleanSupplier outOfTime;

  /**
   * @param readKeysUpTo rows up to which every key is read
   * @param outOfTime turns true when planning should come to its end
   */
  IntegerCutter(IntegerKeys keys, int readKeysUpTo, BooleanSupplier outOfTime) {
    this.keys = keys;
    this.readKeysUpTo = readKeysUpTo;
    this.outOfTime = outOfTime;
  }

  /** Cuts into {@code count} ranges, or fewer where there are fewer keys. */
  Cut cut(int count) {
    if (keys.estimate() <= readKeysUpTo) {
      // Statistics may be old: somewhat more keys are still welcome.
      Optional<long[]> all = keys.all(2 * readKeysUpTo);
      if (all.isPresent()) {
        return exact(all.get(), count, balanced(all.get().length));
      }
    }
    return keys.range().map(range -> estimated(range, count)).orElseGet(this::empty);
  }

  /** What the log says of ranges that hold as many keys each. */
  static String balanced(int keys) {
    return "balanced by its " + Counted.of(keys, "key", "keys");
  }

  private Cut empty() {
    return new Cut(List.of(), List.of(0L), "no keys");
  }

  /** Cuts sorted keys; rows with the same key stay together. */
  Cut exact(long[] sorted, int count, String how) {
    List<BigInteger> bounds = new ArrayList<>();
    List<Long> rows = new ArrayList<>();
    int start = 0;
    for (int left = count; left > 1 && start < sorted.length; left--) {
      int wanted = start + Math.max(1, Math.round((float) (sorted.length - start) / left));
      int bound = groupBoundary(sorted, start, wanted);
      if (bound >= sorted.length) {
        break;
      }
      bounds.add(keys.toInteger(sorted[bound]));
      rows.add((long) bound - start);
      start = bound;
    }
    rows.add((long) sorted.length - start);
    return new Cut(bounds, rows, how);
  }

  /** The index nearest to {@code wanted} at which a new key begins, behind {@code start}. */
  private static int groupBoundary(long[] sorted, int start, int wanted) {
    if (wanted >= sorted.length) {
      return sorted.length;
    }
    int lower = wanted;
    while (lower > start && sorted[lower - 1] == sorted[wanted]) {
      lower--;
    }
    int upper = wanted;
    while (upper < sorted.length && sorted[upper] == sorted[wanted]) {
      upper++;
    }
    return lower > start && wanted - lower <= upper - wanted ? lower : upper;
  }

  private record Cell(Range range, double rows) {}

  private Cut estimated(Range range, int count) {
    List<Cell> cells = scaled(cells(range, count));
    String how = "balanced by the optimizer's estimates for " + cells.size() + " key ranges";
    if (keys.hasCondition()) {
      List<Cell> weighed = weighed(cells);
      if (weighed.isEmpty()) {
        how += "; too few rows meet 'where' to see where they are";
      } else {
        cells = weighed;
        how += ", weighed by samples of 'where'";
      }
    }
    return count(cells, count, how);
  }

  private List<Cell> cells(Range range, int count) {
    int questions = Math.max(FEWEST_QUESTIONS, 4 * CELLS_PER_RANGE * count);
    PriorityQueue<Cell> open = new PriorityQueue<>(Comparator.comparingDouble(c -> -c.rows));
    List<Cell> single = new ArrayList<>();
    Cell whole = cells(List.of(range)).get(0);
    open.add(whole);
    double sum = whole.rows;
    while (questions > 0 && !outOfTime.getAsBoolean()) {
      List<Range> halves = new ArrayList<>();
      while (!open.isEmpty()
          && halves.size() < QUESTIONS_AT_ONCE
          && open.peek().rows * CELLS_PER_RANGE * count > sum) {
        Cell largest = open.poll();
        if (largest.range.width().equals(BigInteger.ONE)) {
          single.add(largest);
          continue;
        }
        BigInteger middle = largest.range.from().add(largest.range.width().shiftRight(1));
        halves.add(new Range(largest.range.from(), middle));
        halves.add(new Range(middle, largest.range.to()));
        sum -= largest.rows;
      }
      if (halves.isEmpty()) {
        break;
      }
      questions -= halves.size();
      for (Cell half : cells(halves)) {
        sum += half.rows;
        open.add(half);
      }
    }
    single.addAll(open);
    single.sort(Comparator.comparing(c -> c.range.from()));
    return single;
  }

  private List<Cell> cells(List<Range> ranges) {
    long[] rows = keys.estimates(ranges);
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      cells.add(new Cell(ranges.get(i), rows[i]));
    }
    return cells;
  }

  /** InnoDB's estimates of ranges are about twice too large; that of the table is better. */
  private List<Cell> scaled(List<Cell> cells) {
    double sum = cells.stream().mapToDouble(Cell::rows).sum();
    double factor = Math.min(1, keys.rows() / Math.max(1, sum));
    return cells.stream().map(cell -> new Cell(cell.range, cell.rows * factor)).toList();
  }

  private List<Cell> weighed(List<Cell> cells) {
    List<Cell> weighed = new ArrayList<>(cells.size());
    int matching = 0;
    for (Cell cell : cells) {
      if (cell.rows == 0 || outOfTime.getAsBoolean()) {
        weighed.add(cell);
        continue;
      }
      Sample sample = keys.sample(cell.range, SAMPLE_ROWS);
      matching += sample.matching();
      // Never quite zero: where no row of the sample matched, one behind it may.
      double rate = (sample.matching() + 0.05) / (sample.rows() + 0.1);
      weighed.add(new Cell(cell.range, cell.rows * Math.min(1, rate)));
    }
    return matching < FEWEST_MATCHING ? Collections.emptyList() : weighed;
  }

  /** Counts rows out over the cells; within a cell they count as evenly spread. */
  private static Cut count(List<Cell> cells, int count, String how) {
    double total = cells.stream().mapToDouble(Cell::rows).sum();
    List<BigInteger> bounds = new ArrayList<>();
    List<Long> rows = new ArrayList<>();
    BigInteger last = cells.get(0).range.from();
    double before = 0;
    double lastCut = 0;
    for (Cell cell : cells) {
      while (bounds.size() + 1 < count && cell.rows > 0) {
        // What earlier ranges took too much, because keys are whole, the later ones share.
        double wanted = lastCut + (total - lastCut) / (count - bounds.size());
        if (wanted > before + cell.rows) {
          break;
        }
        BigInteger offset = part(cell.range.width(), Math.max(0, wanted - before) / cell.rows);
        BigInteger bound = cell.range.from().add(offset);
        if (bound.compareTo(last) <= 0) {
          break;
        }
        double cut = before + cell.rows * offset.doubleValue() / cell.range.width().doubleValue();
        bounds.add(bound);
        rows.add(Math.max(0, Math.round(cut - lastCut)));
        last = bound;
        lastCut = cut;
      }
      before += cell.rows;
    }
    rows.add(Math.max(0, Math.round(total - lastCut)));
    return new Cut(bounds, rows, how);
  }

  private static BigInteger part(BigInteger width, double fraction) {
    return new BigDecimal(width)
        .multiply(BigDecimal.valueOf(Math.min(1, fraction)))
        .setScale(0, RoundingMode.HALF_UP)
        .toBigInteger();
  }
}
