package io.millrace.api;

import java.time.Clock;
import java.time.ZoneId;

/**
 * What every part of one attempt shares. Immutable.
 *
 * @param taskName the task's name, for messages
 * @param zone the task's time zone: the user's own expressions are evaluated in it. Values never
 *     depend on it
 * @param clock the source of the current time
 * @param limits bounds that keep memory independent of the input
 * @param rules what the kind of document and the task's settings say about values
 * @param files which files of this machine the task may reach; every local path goes through it
 * @param certificates those of the data source of the end that this is given to when it is made;
 *     {@link ServerCertificates#NONE} without one, and in the context of calls, which both ends
 *     share
 */
public record TaskContext(
    String taskName,
    ZoneId zone,
    Clock clock,
    Limits limits,
    Rules rules,
    LocalFiles files,
    ServerCertificates certificates) {

  /** A context of a task without a data source whose servers' certificates are kept. */
  public TaskContext(
      String taskName, ZoneId zone, Clock clock, Limits limits, Rules rules, LocalFiles files) {
    this(taskName, zone, clock, limits, rules, files, ServerCertificates.NONE);
  }

  /** A context of a task that may reach any file of this machine. */
  public TaskContext(String taskName, ZoneId zone, Clock clock, Limits limits, Rules rules) {
    this(taskName, zone, clock, limits, rules, LocalFiles.ANYWHERE);
  }

  /** A context of a task in Millrace's own form with the default settings. */
  public TaskContext(String taskName, ZoneId zone, Clock clock, Limits limits) {
    this(taskName, zone, clock, limits, Rules.OWN);
  }

  /** The same with other files in reach. */
  public TaskContext withFiles(LocalFiles others) {
    return new TaskContext(taskName, zone, clock, limits, rules, others, certificates);
  }

  /** The same with the certificates of a data source. */
  public TaskContext withCertificates(ServerCertificates kept) {
    return new TaskContext(taskName, zone, clock, limits, rules, files, kept);
  }

  /**
   * How values and names are understood.
   *
   * @param form the kind of document
   * @param narrowing what becomes of values that the target takes only after changing them
   */
  public record Rules(TaskForm form, Narrowing narrowing) {

    /** Those of Millrace's own form. */
    public static final Rules OWN = new Rules(TaskForm.OWN, Narrowing.REFUSE);

    /** The default of a kind of document. */
    public static Rules of(TaskForm form) {
      return new Rules(form, form == TaskForm.OWN ? Narrowing.REFUSE : Narrowing.ROUND);
    }

    /** The same with another choice. */
    public Rules withNarrowing(Narrowing other) {
      return new Rules(form, other);
    }

    /** True for a document of DataX or DataWorks. */
    public boolean isForeign() {
      return form != TaskForm.OWN;
    }
  }

  /**
   * Bounds of one attempt.
   *
   * @param batchBytes bytes after which a batch is full; a single larger value still fits
   * @param batchRows rows after which a batch is full
   * @param maxValueBytes bytes above which a value makes its record dirty
   * @param channels the most channels that will run at once, at least 1
   */
  public record Limits(int batchBytes, int batchRows, int maxValueBytes, int channels) {

    /** 1 MiB or 16,384 rows a batch, values up to 128 MiB, one channel. */
    public static final Limits DEFAULT = new Limits(1 << 20, 16_384, 128 << 20, 1);

    /** The same bounds for another number of channels. */
    public Limits withChannels(int count) {
      return new Limits(batchBytes, batchRows, maxValueBytes, count);
    }
  }
}
