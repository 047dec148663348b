package io.millrace.engine.attempt;

import io.millrace.api.Counted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Says in one paragraph what bounded an attempt and what to do about it. A pure function of
 * figures.
 */
final class Diagnosis {

  /** A stage that takes longer and more than its share is worth a word. */
  private static final double LONG_STAGE_SECONDS = 10;

  private static final double LONG_STAGE_SHARE = 0.3;

  /** Shorter runs are bounded by connecting and preparing: no advice would help them. */
  private static final double SHORT_SECONDS = 5;

  /** A wait that takes this share of the channels' time is what bounds them. */
  private static final double MUCH_WAITING = 0.4;

  private static final double MUCH_DIRTY = 0.01;
  private static final double SKEW = 2;

  private Diagnosis() {}

  /**
   * What is known of an attempt.
   *
   * @param channels channels that were used
   * @param wantedChannels channels that the task allows
   * @param splits splits of the plan
   * @param splitRule the rule in words, which says why there are few channels and what gives more
   * @param read records read
   * @param skipped records that the writer left out because the task says so
   * @param dirty dirty records
   * @param largestSplit records of the largest split
   * @param retries tries of splits that were given up
   * @param readWaitSeconds how long channels waited for the reader, summed
   * @param writeWaitSeconds how long channels waited for the writer, summed
   * @param throttledSeconds how long channels waited for the rate limit, summed
   * @param preparationSeconds duration of stage 1
   * @param synchronizeSeconds duration of stage 3
   * @param publishSeconds duration of stage 4
   * @param seconds duration of the attempt
   */
  record Figures(
      int channels,
      int wantedChannels,
      int splits,
      String splitRule,
      long read,
      long skipped,
      long dirty,
      long largestSplit,
      int retries,
      double readWaitSeconds,
      double writeWaitSeconds,
      double throttledSeconds,
      double preparationSeconds,
      double synchronizeSeconds,
      double publishSeconds,
      double seconds) {}

  /** One paragraph, never empty. */
  static String of(Figures figures) {
    List<String> sentences = new ArrayList<>();
    addLongStage(figures, figures.preparationSeconds(), "Pre-preparation", "preSql", sentences);
    addWaiting(figures, sentences);
    addFewChannels(figures, sentences);
    addSkew(figures, sentences);
    addLongStage(figures, figures.publishSeconds(), "Post-preparation", "postSql", sentences);
    addSkipped(figures, sentences);
    addDirty(figures, sentences);
    if (figures.retries() > 0) {
      sentences.add(
          figures.retries()
              + (figures.retries() == 1 ? " try of a split was" : " tries of splits were")
              + " given up and repeated: the warnings in the log say why; look at the network and"
              + " at timeouts or deadlocks in source and target."
              + (figures.throttledSeconds() > 1
                  ? " A proxy or firewall may have cut a connection that was silent because of the"
                      + " rate limit: raise the limit, use fewer channels, or give the proxy a"
                      + " longer idle timeout."
                  : ""));
    }
    if (sentences.isEmpty()) {
      sentences.add(
          figures.synchronizeSeconds() < SHORT_SECONDS
              ? "The run was too short to tell what bounds it."
              : "Nothing stands out: source and target kept pace with each other. More channels"
                  + " may make it faster.");
    }
    return String.join(" ", sentences);
  }

  private static void addLongStage(
      Figures figures, double seconds, String stage, String statements, List<String> sentences) {
    if (seconds > LONG_STAGE_SECONDS && seconds > LONG_STAGE_SHARE * figures.seconds()) {
      sentences.add(
          ("%s took %s of %s (%s): slow %s? The stage's detailed log has the "
                  + "duration of each statement; an index or a smaller range helps a delete, "
                  + "TRUNCATE is faster than DELETE.")
              .formatted(
                  stage,
                  seconds(seconds),
                  seconds(figures.seconds()),
                  percent(seconds / figures.seconds()),
                  statements));
    }
  }

  /** What the channels waited for most. */
  private static void addWaiting(Figures figures, List<String> sentences) {
    double time = figures.channels() * figures.synchronizeSeconds();
    if (figures.synchronizeSeconds() < SHORT_SECONDS || time <= 0) {
      return;
    }
    double reader = figures.readWaitSeconds() / time;
    double writer = figures.writeWaitSeconds() / time;
    double throttled = figures.throttledSeconds() / time;
    if (throttled >= MUCH_WAITING) {
      sentences.add(
          ("The rate limit bounded the run: channels waited for it %s of their "
                  + "time. Raise or remove it to go faster.")
              .formatted(percent(throttled)));
    } else if (reader >= MUCH_WAITING && reader >= writer) {
      sentences.add(
          ("The source was slow: channels waited for it %s of their time. Look for "
                  + "a slow disk, network or server, a condition without an index, or splits that "
                  + "are cut badly; more channels help only if the source has power left.")
              .formatted(percent(reader)));
    } else if (writer >= MUCH_WAITING) {
      sentences.add(
          ("The target was slow: channels waited for it %s of their time. Look at "
                  + "its indexes, triggers, locks and disk; a larger batchSize or more "
                  + "channels may help.")
              .formatted(percent(writer)));
    }
  }

  private static void addFewChannels(Figures figures, List<String> sentences) {
    if (figures.channels() >= figures.wantedChannels() || figures.channels() < 1) {
      return;
    }
    String counts =
        Counted.of(
            figures.channels(),
            "of " + figures.wantedChannels() + " channels was used",
            "of " + figures.wantedChannels() + " channels were used");
    String few =
        figures.splits() < figures.wantedChannels()
            ? ", because there "
                + (figures.splits() == 1 ? "was " : "were ")
                + Counted.of(figures.splits(), "split", "splits")
            : "";
    // Only the reader knows what gives more: its rule says so.
    sentences.add(counts + few + rule(figures) + ".");
  }

  private static String rule(Figures figures) {
    return figures.splitRule().isBlank() ? "" : " (" + figures.splitRule() + ")";
  }

  private static void addSkew(Figures figures, List<String> sentences) {
    if (figures.splits() < 2
        || figures.channels() < 2
        || figures.synchronizeSeconds() < SHORT_SECONDS) {
      return;
    }
    double mean = (double) figures.read() / figures.splits();
    double perChannel = (double) figures.read() / figures.channels();
    // A split above the mean matters only when one channel is still at it while the others idle.
    if (figures.largestSplit() > SKEW * mean && figures.largestSplit() > perChannel / 2) {
      sentences.add(
          String.format(
              Locale.ROOT,
              "The splits are uneven: the largest has %d records, %.1f times the mean%s.",
              figures.largestSplit(),
              figures.largestSplit() / mean,
              rule(figures)));
    }
  }

  private static void addSkipped(Figures figures, List<String> sentences) {
    if (figures.skipped() > 0) {
      sentences.add(
          figures.skipped()
              + " of "
              + Counted.of(figures.read(), "record", "records")
              + (figures.skipped() == 1 ? " was" : " were")
              + " skipped: the task has the writer leave out what is there already.");
    }
  }

  private static void addDirty(Figures figures, List<String> sentences) {
    if (figures.dirty() == 0) {
      return;
    }
    double share = figures.read() == 0 ? 1 : (double) figures.dirty() / figures.read();
    sentences.add(
        figures.dirty()
            + " of "
            + Counted.of(figures.read(), "record", "records")
            + (figures.dirty() == 1 ? " was dirty" : " were dirty")
            + (share >= MUCH_DIRTY ? " (" + percent(share) + "), and finding such costs time" : "")
            + (figures.dirty() == 1
                ? ": it is in the directory dirty with its reason; correct it and feed it back"
                : ": each is in the directory dirty with its reason; correct them and feed them back")
            + " with replay-dirty.");
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f s", seconds);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * Math.min(1, share));
  }
}
