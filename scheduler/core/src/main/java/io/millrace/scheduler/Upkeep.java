package io.millrace.scheduler;

import io.millrace.scheduler.backfill.Backfills;
import io.millrace.scheduler.generate.Generator;
import io.millrace.scheduler.generate.Making;
import io.millrace.scheduler.instance.History;
import io.millrace.scheduler.instance.Progression;
import io.millrace.scheduler.quartz.Clockwork;
import io.millrace.scheduler.runner.Retention;
import io.millrace.scheduler.runner.RunDirectories;
import io.millrace.scheduler.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done when its time comes: releasing what is due, making the next day's instances,
 * forgetting what is old; and the looks that find what should not have been left. Safe for use by
 * several threads.
 */
final class Upkeep implements Clockwork.Work, AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(Upkeep.class);

  private static final Duration EARLY = Duration.ofSeconds(1);

  private final Database database;
  private final History history = new History();
  private final Progression progression;
  private final Generator generator;
  private final Backfills backfills;
  private final Follow follow;
  private final Duration keep;
  private final Clock clock;
  private final Retention retention;
  private final Making making;

  /** What it works with. */
  record Parts(Progression progression, Generator generator, Backfills backfills) {}

  /**
   * @param keep how long instances and their run directories are kept
   */
  Upkeep(
      Database database,
      Parts parts,
      Follow follow,
      RunDirectories directories,
      Duration keep,
      Clock clock) {
    this.database = database;
    this.progression = parts.progression();
    this.generator = parts.generator();
    this.backfills = parts.backfills();
    this.follow = follow;
    this.keep = keep;
    this.clock = clock;
    this.retention = new Retention(directories, keep, this::isInUse, clock);
    this.making = new Making(this::make, follow::nightlyAgain);
  }

  private boolean make(BooleanSupplier goOn) {
    return generator.all(this::made, goOn);
  }

  /** Takes up what an earlier life has left. Returns before all instances are made. */
  void begin() {
    making.begin();
    times();
  }

  /** Makes the recurring instances that are to be there by now, and returns then. */
  void makeNow() {
    making.now();
  }

  @Override
  public void release() {
    Instant now = clock.instant();
    follow.follow(database.inTransaction(handle -> progression.releaseDue(handle, now)));
    // Whoever called may have been early by what its clock is wrong.
    follow.at(database.with(handle -> progression.times(handle, now, now.plus(EARLY))));
    follow.at(backfills.onTime());
  }

  @Override
  public void nightly() {
    try {
      making.now();
    } catch (RuntimeException e) {
      logger.error("Making instances was broken off; it is tried again: {}", e.toString());
      making.begin();
    }
    // Also of those that a node made which died before it could say when they are due.
    times();
    forget();
  }

  private void times() {
    follow.at(database.with(progression::times));
    follow.at(backfills.onTime());
  }

  /** What Quartz and those who settle should have done. Never throws. */
  void look() {
    try {
      release();
      follow.follow(database.inTransaction(handle -> progression.catchUp(handle, clock.instant())));
    } catch (RuntimeException e) {
      logger.warn("Looking for what is overdue failed: {}", e.toString());
    }
  }

  private void made(Generator.Made made) {
    made.skipped()
        .forEach(
            (task, skipped) ->
                logger.warn(
                    "Task {}: {} instances that were missed are not made: {}",
                    task,
                    skipped.size(),
                    skipped.get(0).reason()));
    try {
      follow.follow(made.outcome());
    } catch (RuntimeException e) {
      logger.error("What follows new instances failed; the next look does it", e);
    }
  }

  private void forget() {
    Instant before = clock.instant().minus(keep);
    int forgotten;
    do {
      forgotten = database.inTransaction(handle -> history.forget(handle, before));
    } while (forgotten > 0);
    backfills.forget(before);
    retention.sweep();
  }

  private boolean isInUse(long instance) {
    return database.with(handle -> history.isInUse(handle, instance));
  }

  /** Makes no more instances; waits for the transaction that is under way. */
  @Override
  public void close() {
    making.close();
  }
}
