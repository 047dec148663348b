package io.millrace.files.read;

import io.millrace.api.Counted;
import io.millrace.api.StageContext;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.files.format.Cut;
import io.millrace.files.format.FileInput;
import io.millrace.files.format.Piece;
import io.millrace.files.read.ReadFormats.Agreement;
import io.millrace.files.read.SplitPieces.Entry;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.StoredFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes splits of files: cuts the large ones where the task wants it, packs the small ones. */
final class SplitPlanner {

  /** Splits for each channel, so that none idles for long at the end. */
  private static final int FACTOR = 4;

  /** Cutting into less costs more than it gains. */
  private static final long LEAST_PIECE = 8L << 20;

  private static final long MOST_PIECES = 100_000;

  /** What opening a file costs, as bytes that could be read meanwhile. */
  private static final long OPEN_COST = 64L << 10;

  private final ReadOptions options;
  private final FileStore store;
  private final int channels;
  private final StageContext context;
  private final List<Split> splits = new ArrayList<>();
  private final Map<String, Integer> reasons = new TreeMap<>();

  SplitPlanner(ReadOptions options, FileStore store, int channels, StageContext context) {
    this.options = options;
    this.store = store;
    this.channels = channels;
    this.context = context;
  }

  /**
   * Plans.
   *
   * @param files none of them empty
   * @param empty how many files without content were passed over
   */
  SplitPlan plan(List<StoredFile> files, int empty) {
    long total = 0;
    Agreement agreement = options.formats().new Agreement(context);
    for (StoredFile file : files) {
      agreement.add(new FileInput(store, file, context.cancellation()));
      total += file.size() + OPEN_COST;
    }
    long share = total / ((long) channels * FACTOR) + 1;
    long packBytes = Math.min(share, options.maxSplitBytes());
    long pieceBytes = Math.min(Math.max(share, LEAST_PIECE), options.maxSplitBytes());
    List<Entry> pack = new ArrayList<>();
    long packed = 0;
    int cutFiles = 0;
    for (StoredFile file : files) {
      long cost = file.size() + OPEN_COST;
      List<Piece> pieces = pieces(file, pieceBytes);
      if (pieces.size() > 1) {
        cutFiles++;
        pieces.forEach(piece -> add(List.of(new Entry(file, piece))));
        continue;
      }
      if (!pack.isEmpty() && packed + cost > packBytes) {
        add(pack);
        pack.clear();
        packed = 0;
      }
      pack.add(new Entry(file, pieces.get(0)));
      packed += cost;
    }
    if (!pack.isEmpty()) {
      add(pack);
    }
    boolean volume = options.splitBy() == SplitBy.VOLUME;
    int most = volume ? splits.size() : Math.min(splits.size(), files.size());
    return new SplitPlan(splits, Math.max(1, most), rule(files.size(), empty, cutFiles));
  }

  private List<Piece> pieces(StoredFile file, long pieceBytes) {
    if (options.splitBy() != SplitBy.VOLUME || file.size() <= pieceBytes) {
      return List.of(Piece.whole(file.size()));
    }
    FileInput input = new FileInput(store, file, context.cancellation());
    try {
      long least = file.size() / MOST_PIECES + 1;
      Cut cut = options.formats().of(input).cut(input, Math.max(pieceBytes, least));
      context
          .log()
          .info(
              input.describe()
                  + ": "
                  + Counted.of(cut.pieces().size(), "piece", "pieces")
                  + ", "
                  + cut.why());
      reasons.merge(cut.why(), 1, Integer::sum);
      return cut.pieces();
    } catch (IOException e) {
      throw FileErrors.of(e, input.describe(), context.cancellation());
    }
  }

  private void add(List<Entry> entries) {
    Entry first = entries.get(0);
    String name = store.describe(first.file().name());
    Piece piece = first.piece();
    String description =
        piece.to() - piece.from() < first.file().size()
            ? name + ", bytes " + piece.from() + " to " + piece.to()
            : name;
    if (entries.size() > 1) {
      description += " and " + Counted.of(entries.size() - 1, "more file", "more files");
    }
    splits.add(new SplitPieces(entries).split(splits.size(), description));
  }

  private String rule(int files, int empty, int cutFiles) {
    StringBuilder rule = new StringBuilder();
    rule.append("by ").append(options.splitBy() == SplitBy.FILE ? "file" : "volume").append(": ");
    rule.append(Counted.of(files, "file", "files"));
    if (empty > 0) {
      rule.append(" (")
          .append(Counted.of(empty, "empty one", "empty ones"))
          .append(" passed over)");
    }
    if (options.splitBy() == SplitBy.VOLUME) {
      rule.append(", ").append(cutFiles).append(" cut");
      reasons.forEach((why, count) -> rule.append("; ").append(count).append(": ").append(why));
    } else {
      rule.append(", concurrency is at most their number (splitBy volume cuts large ones)");
    }
    return rule.append("; ").append(Counted.of(splits.size(), "split", "splits")).toString();
  }
}
