package io.millrace.files.write;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.StoredFile;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Which splits of one instance are committed, kept as small files in its area, on stores that know
 * no transaction but only "this file is there, whole".
 *
 * <ul>
 *   <li>{@code fence/E}: attempt E has begun; no older one may commit.
 *   <li>{@code valid/E}: the commits that counted when attempt E began. Of the others only those
 *       with epoch E or later count.
 *   <li>{@code commits/SPLIT@E}: attempt E has committed a split.
 * </ul>
 *
 * A newcomer writes its fence first and lists the commits then; a committer writes its commit first
 * and looks for fences then. So either the newcomer's list holds the commit, or the committer sees
 * the fence and knows that it may not have counted. The store must show a file to everyone as soon
 * as its writing has returned, as file systems, S3 and OSS do.
 *
 * @param area of the instance
 * @param check refuses a commit that names what is not the instance's
 */
record Ledger(
    FileStore store, String area, Consumer<CommitRecord> check, Cancellation cancellation) {

  /** The epoch alone, or behind a split. */
  private static final Pattern RECORD = Pattern.compile("([^.].*@)?[0-9]{1,18}");

  private String fences() {
    return area + "fence/";
  }

  private String valid() {
    return area + "valid/";
  }

  private String commitsFolder() {
    return area + "commits/";
  }

  /**
   * The names in a folder that are records. Others are on their way: stores that are folders
   * themselves show them.
   */
  private List<String> names(String prefix) {
    List<String> names = new ArrayList<>();
    Iterator<StoredFile> files = store.list(prefix, cancellation);
    while (files.hasNext()) {
      String path = files.next().name();
      String name = path.substring(path.lastIndexOf('/') + 1);
      if (RECORD.matcher(name).matches()) {
        names.add(name);
      }
    }
    return names;
  }

  private OptionalLong newest(String folder) {
    return names(folder).stream().mapToLong(Long::parseLong).max();
  }

  /**
   * Makes an attempt the newest: when it returns, no older one can commit any more.
   *
   * @throws MillraceException with {@link StandardError#FENCED} when a newer one is there
   */
  void claim(long epoch) {
    OptionalLong before = newest(fences());
    if (before.isPresent() && before.getAsLong() > epoch) {
      throw fenced(epoch, before.getAsLong());
    }
    store.put(fences() + epoch, new byte[] {'1'}, cancellation);
    requireNewest(epoch);
    StringBuilder list = new StringBuilder();
    counting().forEach((split, by) -> list.append(Lines.line(split, by)));
    store.put(valid() + epoch, Lines.bytes(list.append(Lines.end())), cancellation);
    requireNewest(epoch);
  }

  /**
   * Checks that no newer attempt is there, and that the instance was not given up.
   *
   * @throws MillraceException with {@link StandardError#FENCED}
   */
  void requireNewest(long epoch) {
    OptionalLong newest = newest(fences());
    if (newest.isEmpty()) {
      throw new MillraceException(
          StandardError.FENCED,
          "the control records in "
              + store.describe(area)
              + " are gone: the instance's output was given up or finished elsewhere");
    }
    if (newest.getAsLong() != epoch) {
      throw fenced(epoch, newest.getAsLong());
    }
  }

  private MillraceException fenced(long epoch, long newest) {
    return new MillraceException(
        StandardError.FENCED,
        "the instance that writes "
            + store.describe(area)
            + " was taken over by attempt epoch "
            + newest
            + "; this attempt (epoch "
            + epoch
            + ") may not write any more");
  }

  /** The epoch by which each split is committed, by split. */
  private Map<String, Long> counting() {
    Map<String, Long> counting = new TreeMap<>();
    OptionalLong list = newest(valid());
    long since = Long.MIN_VALUE;
    if (list.isPresent()) {
      since = list.getAsLong();
      byte[] content = store.get(valid() + since, cancellation).orElse(new byte[0]);
      counting.putAll(Lines.read(content, Ledger::listed));
    }
    for (String name : names(commitsFolder())) {
      int at = name.lastIndexOf('@');
      long epoch = Long.parseLong(name.substring(at + 1));
      if (epoch >= since) {
        // A split is committed again only when what was committed first was lost.
        counting.merge(name.substring(0, at), epoch, Math::max);
      }
    }
    return counting;
  }

  /** Every split that is committed, but for those whose record somebody removed. */
  Map<String, CommitRecord> commits() {
    Map<String, CommitRecord> commits = new LinkedHashMap<>();
    counting()
        .forEach(
            (split, epoch) -> read(split, epoch).ifPresent(found -> commits.put(split, found)));
    return commits;
  }

  private static Map<String, Long> listed(List<List<String>> lines) {
    Map<String, Long> listed = new TreeMap<>();
    for (List<String> line : lines) {
      // It becomes a part of a file's name.
      Lines.require(line.get(0).indexOf('/') < 0);
      listed.put(line.get(0), Long.parseLong(line.get(1)));
    }
    return listed;
  }

  private Optional<CommitRecord> read(String split, long epoch) {
    Optional<CommitRecord> found =
        store.get(commitsFolder() + split + "@" + epoch, cancellation).map(CommitRecord::of);
    found.ifPresent(
        record -> {
          Lines.require(record.commit().splitId().equals(split));
          check.accept(record);
        });
    return found;
  }

  /**
   * Checks that what claiming wrote is there: without it nobody knows which commits count.
   *
   * @throws MillraceException when it is gone
   */
  void requireClaimed(long epoch) {
    OptionalLong list = newest(valid());
    if (newest(fences()).isEmpty() || list.isEmpty() || list.getAsLong() < epoch) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          "the control records in "
              + store.describe(area)
              + " that stage 1 wrote are gone: somebody removed them; run the task from scratch");
    }
  }

  /** Whether everything that a commit counts on is there. */
  boolean isWhole(CommitRecord record) {
    return record.files().stream().allMatch(file -> store.holds(file, cancellation));
  }

  /**
   * Checks that a split may be written by this attempt.
   *
   * @throws MillraceException when it is committed and nothing of it was lost, or a newer attempt
   *     is there
   */
  void requireOpen(String split, long epoch) {
    requireNewest(epoch);
    if (names(commitsFolder() + split + "@").isEmpty()) {
      return;
    }
    Long by = counting().get(split);
    if (by != null && read(split, by).filter(this::isWhole).isPresent()) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED, "split " + split + " is committed already");
    }
  }

  /** Commits a split. When this throws, only {@link #commits} knows whether it counts. */
  void commit(CommitRecord record, long epoch) {
    String split = record.commit().splitId();
    requireOpen(split, epoch);
    store.put(commitsFolder() + split + "@" + epoch, record.bytes(), cancellation);
    requireNewest(epoch);
  }
}
