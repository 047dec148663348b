package io.millrace.files.write;

import io.millrace.api.Cancellation;
import io.millrace.api.Counted;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.write.SplitCommit;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.StagedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Stage 4: makes what every split has staged visible, and goes on where another one was killed. */
final class Publishing {

  static final String MANIFEST = "manifest";
  private static final String PUBLISHED = "published";

  /** Ids that count on become longer. */
  private static final Comparator<CommitRecord> BY_SPLIT =
      Comparator.comparing(
          record -> record.commit().splitId(),
          Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));

  private final WriteOptions options;
  private final FileStore store;
  private final Prepared prepared;
  private final StageContext context;
  private final Cancellation cancellation;
  private final String area;
  private final OwnFiles own;
  private final Ledger ledger;

  Publishing(WriteOptions options, FileStore store, Prepared prepared, StageContext context) {
    this.options = options;
    this.store = store;
    this.prepared = prepared;
    this.context = context;
    this.cancellation = context.cancellation();
    this.own = new OwnFiles(store, options, prepared);
    this.area = own.area();
    this.ledger = own.ledger(cancellation);
  }

  void publish(List<SplitCommit> commits) {
    ledger.requireNewest(prepared.epoch());
    if (store.get(area + PUBLISHED, cancellation).isPresent()) {
      return;
    }
    Optional<Manifest> begun = begun();
    Manifest manifest;
    if (begun.isPresent()) {
      manifest = begun.get();
      context.log().info("publishing goes on by the manifest in " + store.describe(area));
    } else {
      manifest = decide(commits);
      // Deciding may have taken long, and whoever took over may have decided meanwhile.
      ledger.requireNewest(prepared.epoch());
      store.put(area + MANIFEST, manifest.bytes(), cancellation);
    }
    ledger.requireNewest(prepared.epoch());
    for (StagedFile file : manifest.files()) {
      store.complete(file, cancellation);
    }
    context.log().info(Counted.of(manifest.files().size(), "file is", "files are") + " complete");
    // Whoever took over meanwhile has done or does the same; an instance after it may have written
    // files of the same names.
    ledger.requireNewest(prepared.epoch());
    for (String name : manifest.removed()) {
      store.delete(name, cancellation);
    }
    if (!manifest.removed().isEmpty()) {
      context
          .log()
          .info(
              Counted.of(manifest.removed().size(), "file of before is", "files of before are")
                  + " removed");
    }
    if (options.success()) {
      store.put(options.target().folder() + Names.SUCCESS, new byte[0], cancellation);
    }
    store.put(area + PUBLISHED, new byte[] {'1'}, cancellation);
  }

  /**
   * Whether it is decided what is published, so that commits count by that.
   *
   * @throws MillraceException when it is, and not published yet, and a part of it is gone
   */
  boolean isDecided() {
    if (store.get(area + PUBLISHED, cancellation).isPresent()) {
      return true;
    }
    Optional<Manifest> begun = begun();
    if (begun.isEmpty()) {
      return false;
    }
    for (StagedFile file : begun.get().files()) {
      if (!store.holds(file, cancellation)) {
        throw new MillraceException(
            StandardError.WRITE_REFUSED,
            "the output for "
                + store.describe(file.name())
                + " is gone, or has another size, in the middle of its publishing: somebody removed"
                + " it; run the task from scratch");
      }
    }
    return true;
  }

  /** What was decided, if it names the instance's own files only. */
  private Optional<Manifest> begun() {
    Optional<Manifest> begun = store.get(area + MANIFEST, cancellation).map(Manifest::of);
    begun.ifPresent(own::require);
    return begun;
  }

  private Manifest decide(List<SplitCommit> commits) {
    Map<String, CommitRecord> kept = ledger.commits();
    List<CommitRecord> records = new ArrayList<>();
    for (SplitCommit commit : commits) {
      CommitRecord record = kept.get(commit.splitId());
      if (record == null || !record.commit().equals(commit)) {
        throw new MillraceException(
            StandardError.INTERNAL,
            "split " + commit.splitId() + " is not committed as the attempt believes");
      }
      records.add(record);
    }
    records.sort(BY_SPLIT);
    List<StagedFile> files = new Joining(options, store, prepared, context).files(records);
    // Without a record nobody knows which partition an empty file would be in.
    boolean whole = options.target().partitions().isEmpty();
    if (files.isEmpty() && options.emptyFile() && whole) {
      files = List.of(empty());
    }
    return new Manifest(files, before(files));
  }

  /** The files with the prefix that are there before this instance's own are complete. */
  private List<String> before(List<StagedFile> staged) {
    Existing existing = new Existing(store, options.target(), cancellation);
    // Nothing of this instance is complete yet: what is there came after stage 1.
    existing.requireFree(options, Set.of());
    if (options.mode() != WriteMode.TRUNCATE) {
      return List.of();
    }
    Set<String> names = new HashSet<>();
    staged.forEach(file -> names.add(file.name()));
    List<String> found = new ArrayList<>();
    existing.visit(
        name -> {
          if (!names.contains(name)) {
            found.add(name);
          }
          return true;
        });
    return found;
  }

  private StagedFile empty() {
    String name =
        options.single() ? options.target().prefix() : Names.of(options, prepared, "", "0", 0);
    try (OutputFile file =
        OutputFile.create(
            store.stage(name, area, cancellation),
            options.format(),
            prepared.source(),
            options.header())) {
      return file.finish();
    } catch (IOException e) {
      throw WriteErrors.of(e, store.describe(name), cancellation);
    }
  }
}
