package io.millrace.files.store;

import io.millrace.api.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Optional;

/**
 * A place where files are kept, and output is staged until it is completed. Names are absolute
 * paths or keys, with {@code /} between folders. Safe for use by several threads; every call may
 * block, and ends soon after its cancellation.
 *
 * <p>What fails is a {@link io.millrace.api.error.MillraceException} of one line that names the
 * file. Only streams throw {@link IOException}, for what goes wrong in the middle.
 */
public interface FileStore extends AutoCloseable {

  /** How people call a file: {@code s3://bucket/key} or its path. */
  String describe(String name);

  /**
   * Every file whose name begins with {@code prefix}, hidden ones included, fetched page by page as
   * the iterator moves; no folders. Empty when nothing is there. The order is the same each time.
   */
  Iterator<StoredFile> list(String prefix, Cancellation cancellation);

  /**
   * The same for those who need no files in folders below the one that {@code prefix} lies in.
   * Where looking into them costs nothing, they may be among the others.
   */
  default Iterator<StoredFile> listFolder(String prefix, Cancellation cancellation) {
    return list(prefix, cancellation);
  }

  /** The file of exactly this name, or empty. */
  Optional<StoredFile> find(String name, Cancellation cancellation);

  /** Whether a folder of exactly this name is there, without a slash at its end. */
  default boolean isFolder(String name, Cancellation cancellation) {
    return list(name.endsWith("/") ? name : name + "/", cancellation).hasNext();
  }

  /**
   * What two files of the listings have in common only if they are one file that has two names; the
   * name itself where a file has but one.
   */
  default String identity(StoredFile file) {
    return file.name();
  }

  /** Which store it is. */
  StorePlace place();

  /** Whether a file can be reached by no other way than its name, so that names can be compared. */
  default boolean isFlat() {
    return true;
  }

  /**
   * The one name of a file or folder that may have several, whether it is there or not; a slash at
   * the end stays.
   */
  default String realName(String name) {
    return name;
  }

  /**
   * The bytes from {@code from} to {@code to} (exclusive) of a file that must not have changed.
   *
   * @throws io.millrace.api.error.MillraceException when the file is gone or is another one now
   */
  InputStream open(StoredFile file, long from, long to, Cancellation cancellation);

  /**
   * Checks, when a file has been read, that it is still the one that was opened; one that was
   * removed meanwhile was read as it was. Where every answer of the store is of one version, there
   * is nothing to check.
   *
   * @throws io.millrace.api.error.MillraceException when the file is another one now
   */
  default void requireSame(StoredFile file, Cancellation cancellation) {}

  /** The bytes of a file as {@link #open} gives them, in any order. */
  RandomInput random(StoredFile file, Cancellation cancellation);

  /**
   * Begins a file that nobody sees.
   *
   * @param name what it will be called
   * @param area where staged output may be kept if the store needs a place, ending in {@code /};
   *     {@link #sweep} of it removes what is left
   */
  StagedOutput stage(String name, String area, Cancellation cancellation);

  /**
   * Makes a staged file visible under its name, replacing what is there. Idempotent: when it was
   * completed before, only that is checked.
   *
   * @throws io.millrace.api.error.MillraceException when what is visible in the end is not the
   *     staged file in its whole size
   */
  void complete(StagedFile staged, Cancellation cancellation);

  /**
   * Makes a staged file one that {@link StagedOutput#append} can read, where it cannot without.
   * Idempotent.
   *
   * @param staged has a name in its area, where nobody minds that it is seen
   */
  default void makeReadable(StagedFile staged, Cancellation cancellation) {}

  /** Whether a staged file is there in its whole size, complete or not. Changes nothing. */
  boolean holds(StagedFile staged, Cancellation cancellation);

  /**
   * Whether a staged file that stands in a control record can be one that was staged with an area:
   * the record may have been changed by anybody who may write there. Says nothing of its name.
   */
  boolean isOfArea(StagedFile staged, String area);

  /** Removes a staged file that is not complete. Idempotent. */
  void abort(StagedFile staged, Cancellation cancellation);

  /** Removes a file. Idempotent. */
  void delete(String name, Cancellation cancellation);

  /** Writes a small file, whole or not at all, durably; replaces what is there. */
  void put(String name, byte[] content, Cancellation cancellation);

  /**
   * The content of a small file, or empty when it is not there.
   *
   * @throws io.millrace.api.error.MillraceException also when it is larger than {@link
   *     SmallFiles#MOST_BYTES}
   */
  Optional<byte[]> get(String name, Cancellation cancellation);

  /**
   * Removes every file in an area, the area itself, and what was staged with it but never finished.
   *
   * @param area ends in {@code /}
   * @param staged the files that were staged with it
   */
  void sweep(String area, StagedNames staged, Cancellation cancellation);

  @Override
  default void close() {}
}
