package io.millrace.files.write;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.StagedFile;

/**
 * Which files the control records of an instance may name. They lie where others may write, too,
 * and publishing would move and remove whatever they name.
 */
record OwnFiles(FileStore store, WriteOptions options, Prepared prepared) {

  /** Where the instance keeps its control records and what it has staged. */
  String area() {
    return options.target().area(prepared.instance(), prepared.generation());
  }

  /** Which splits are committed, by records that name the instance's own files only. */
  Ledger ledger(Cancellation cancellation) {
    return new Ledger(store, area(), this::require, cancellation);
  }

  /**
   * Checks a commit.
   *
   * @throws MillraceException when it names a file that is none of the instance's own
   */
  private void require(CommitRecord record) {
    boolean parts = options.isPart(record.group());
    for (StagedFile file : record.files()) {
      boolean named = parts ? isPart(file, record.group()) : isOutput(file.name());
      require(named && store.isOfArea(file, area()), file.name());
    }
  }

  /**
   * Checks what publishing is going to do.
   *
   * @throws MillraceException when it names a file that is none of the instance's own, or would
   *     remove one that truncate does not mean
   */
  void require(Manifest manifest) {
    for (StagedFile file : manifest.files()) {
      boolean named =
          options.single() ? file.name().equals(options.target().prefix()) : isOutput(file.name());
      require(named && store.isOfArea(file, area()), file.name());
    }
    for (String name : manifest.removed()) {
      require(options.mode() == WriteMode.TRUNCATE && options.target().covers(name), name);
    }
  }

  /** Whether a file lies where parts do, in the folders of a partition if there are any. */
  private boolean isPart(StagedFile file, String group) {
    if (!file.name().startsWith(Names.parts(area()))) {
      return false;
    }
    String folders = foldersOf(file);
    return options.target().partitions().isEmpty()
        ? folders.isEmpty() && group.indexOf('/') < 0
        : isOutput(Names.of(options, prepared, folders, group, 0));
  }

  /** The folders of the partition that a part belongs to, or nothing. */
  String foldersOf(StagedFile part) {
    return part.name().substring(Names.parts(area()).length(), part.name().lastIndexOf('/') + 1);
  }

  private boolean isOutput(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1);
    return options.target().covers(name)
        && file.startsWith(Names.beginning(options.target(), prepared));
  }

  private void require(boolean own, String name) {
    if (!own) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          "a control record in "
              + store.describe(area())
              + " names "
              + store.describe(name)
              + ", or staged output for it, which is not this instance's: somebody has changed the"
              + " record; see who may write there, and run the task from scratch");
    }
  }
}
