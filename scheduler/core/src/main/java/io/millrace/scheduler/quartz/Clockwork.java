package io.millrace.scheduler.quartz;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.Dialect;
import io.millrace.scheduler.store.NodeTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.SchedulerRepository;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the {@link Work} when its time comes, on one of the nodes of a store. Its triggers are in
 * the store: they outlive every node. Safe for use by several threads.
 */
public final class Clockwork implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(Clockwork.class);
  private static final JobKey RELEASE = JobKey.jobKey("release");
  private static final JobKey NIGHTLY = JobKey.jobKey("nightly");

  /** Quartz fires up to 2 ms before the time, when nothing is due yet and nobody comes again. */
  private static final int EARLY_MILLIS = 5;

  private static final int LATE_SECONDS = 30;
  private static final int SOON_SECONDS = 60;
  private static final Duration AGAIN = Duration.ofMinutes(1);

  /** What is done when its time comes. Any call may come twice, late, or on another node. */
  public interface Work {
    /** Something is due, or may be. */
    void release();

    /** The instances of the next day are to be made. */
    void nightly();
  }

  private final Scheduler scheduler;
  private final String connections;

  /** Quartz goes by this node's clock, whoever asks by the store's. */
  private final NodeTime time;

  private volatile @Nullable UnaryOperator<Instant> nights;

  /** Seconds to come whose triggers this node has stored: making a night's asks for each often. */
  private final NavigableSet<Long> known = new ConcurrentSkipListSet<>();

  private Clockwork(Scheduler scheduler, String connections, NodeTime time) {
    this.scheduler = scheduler;
    this.connections = connections;
    this.time = time;
  }

  /**
   * Joins the clockwork of a store. It does not tick before {@link #start}.
   *
   * @param node a name of this node
   * @param time how its clock stands against the store's
   */
  public static Clockwork create(Database database, String node, NodeTime time, Work work) {
    String connections = "store-" + UUID.randomUUID();
    DBConnectionManager.getInstance().addConnectionProvider(connections, new Connections(database));
    try {
      StdSchedulerFactory factory = new StdSchedulerFactory();
      factory.initialize(properties(database.dialect(), connections, node));
      Scheduler scheduler = own(factory);
      Clockwork clockwork = new Clockwork(scheduler, connections, time);
      scheduler.setJobFactory((bundle, of) -> clockwork.job(bundle.getJobDetail().getKey(), work));
      clockwork.addJobs();
      return clockwork;
    } catch (SchedulerException e) {
      throw failed("the clockwork cannot be made", e);
    }
  }

  private static Properties properties(Dialect dialect, String connections, String node) {
    Properties properties = new Properties();
    // The same on all nodes: it names the cluster.
    properties.setProperty("org.quartz.scheduler.instanceName", "millrace");
    properties.setProperty(
        "org.quartz.scheduler.instanceId", node + "-" + UUID.randomUUID().toString());
    properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
    properties.setProperty("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
    properties.setProperty("org.quartz.scheduler.idleWaitTime", "5000");
    properties.setProperty("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", "20");
    properties.setProperty("org.quartz.scheduler.batchTriggerAcquisitionFireAheadTimeWindow", "0");
    properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    properties.setProperty("org.quartz.threadPool.threadCount", "2");
    properties.setProperty("org.quartz.threadPool.makeThreadsDaemons", "true");
    properties.setProperty("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
    properties.setProperty(
        "org.quartz.jobStore.driverDelegateClass", "org.quartz.impl.jdbcjobstore.StdJDBCDelegate");
    properties.setProperty("org.quartz.jobStore.dataSource", connections);
    properties.setProperty("org.quartz.jobStore.useProperties", "true");
    properties.setProperty("org.quartz.jobStore.isClustered", "true");
    properties.setProperty("org.quartz.jobStore.clusterCheckinInterval", "5000");
    // Without it two nodes were seen to fire the same trigger.
    properties.setProperty("org.quartz.jobStore.acquireTriggersWithinLock", "true");
    properties.setProperty("org.quartz.jobStore.misfireThreshold", "60000");
    if (dialect == Dialect.H2) {
      properties.setProperty("org.quartz.jobStore.txIsolationLevelSerializable", "false");
    }
    return properties;
  }

  /** Quartz keeps one for each name in a JVM, and would give this one to whoever comes next. */
  private static Scheduler own(StdSchedulerFactory factory) throws SchedulerException {
    synchronized (Clockwork.class) {
      Scheduler scheduler = factory.getScheduler();
      SchedulerRepository.getInstance().remove(scheduler.getSchedulerName());
      return scheduler;
    }
  }

  private Job job(JobKey key, Work work) {
    return key.equals(NIGHTLY) ? new Nightly(() -> night(work)) : new Release(work);
  }

  private void addJobs() throws SchedulerException {
    scheduler.addJob(detail(RELEASE, Release.class), true);
    scheduler.addJob(detail(NIGHTLY, Nightly.class), true);
  }

  private static JobDetail detail(JobKey key, Class<? extends Job> type) {
    // Recovery: a node that dies while it works has not done it.
    return JobBuilder.newJob(type)
        .withIdentity(key)
        .storeDurably(true)
        .requestRecovery(true)
        .build();
  }

  /** Begins to tick. */
  public void start() {
    try {
      scheduler.start();
    } catch (SchedulerException e) {
      throw failed("the clockwork cannot be started", e);
    }
  }

  /** Ticks no more on this node until {@link #start}; other nodes go on. */
  public void pause() {
    try {
      scheduler.standby();
    } catch (SchedulerException e) {
      throw failed("the clockwork cannot be halted", e);
    }
  }

  /**
   * Has {@link Work#nightly} called at the next night's time, and then at the one after it.
   * Quartz's own daily triggers leave out a time that does not exist where clocks are put forward.
   *
   * @param next tells the next time after a time of the store
   */
  public void nightly(UnaryOperator<Instant> next) {
    nights = next;
    Instant night = here(next.apply(storeNow()));
    schedule(NIGHTLY, Nightly.class, Set.of(once("night", NIGHTLY, night)));
  }

  /** What the store's clock says. */
  private Instant storeNow() {
    return Instant.now().minus(time.ahead());
  }

  /** What this node's clock says at a time of the store. */
  private Instant here(Instant storeTime) {
    return storeTime.plus(time.ahead());
  }

  private void night(Work work) {
    UnaryOperator<Instant> next = nights;
    if (next != null) {
      // First: whatever becomes of this night, there is a next one.
      nightly(next);
    }
    try {
      work.nightly();
    } catch (RuntimeException e) {
      logger.error("Failed making the next day's instances; it is tried again in a minute", e);
      Trigger again = once("night", NIGHTLY, Instant.now().plus(AGAIN));
      schedule(NIGHTLY, Nightly.class, Set.of(again));
    }
  }

  /**
   * Has {@link Work#release} called again and again, on whichever node lives. A time that is named
   * after what falls due then is durable can be lost with the node that was to name it.
   */
  public void every(Duration interval) {
    Trigger trigger =
        TriggerBuilder.newTrigger()
            .withIdentity("every")
            .forJob(RELEASE)
            .startAt(Date.from(Instant.now().plus(interval)))
            .withSchedule(
                SimpleScheduleBuilder.simpleSchedule()
                    .withIntervalInMilliseconds(interval.toMillis())
                    .repeatForever()
                    .withMisfireHandlingInstructionNextWithRemainingCount())
            .build();
    schedule(RELEASE, Release.class, Set.of(trigger));
  }

  /** Has {@link Work#nightly} called once more, as soon as a node can. */
  public void nightlyAgain() {
    schedule(NIGHTLY, Nightly.class, Set.of(once("nightly-again", NIGHTLY, Instant.now())));
  }

  /**
   * Has {@link Work#release} called at these times of the store; those that are known already stay.
   */
  public void at(Collection<Instant> times) {
    Instant now = storeNow();
    long soon = now.getEpochSecond() + SOON_SECONDS;
    Set<Long> seconds = new HashSet<>();
    for (Instant named : times) {
      // Of what is long over, Quartz would take notice only once in its misfire threshold.
      Instant time = named.isBefore(now.minusSeconds(LATE_SECONDS)) ? now : named;
      // Whole seconds, rounded up: many instances share one.
      long second = Math.floorDiv(time.toEpochMilli() + 999, 1000);
      // What has fired or is about to may have looked too early for what is asked for now.
      if (second <= soon || !known.contains(second)) {
        seconds.add(second);
      }
    }
    if (!seconds.isEmpty()) {
      schedule(
          RELEASE,
          Release.class,
          seconds.stream()
              .map(
                  second -> once("release-" + second, RELEASE, here(Instant.ofEpochSecond(second))))
              .collect(Collectors.toSet()));
      known.headSet(soon).clear();
      known.addAll(seconds);
    }
  }

  private static Trigger once(String name, JobKey job, Instant time) {
    return TriggerBuilder.newTrigger()
        .withIdentity(name)
        .forJob(job)
        .startAt(Date.from(time.plusMillis(EARLY_MILLIS)))
        .withSchedule(
            SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionFireNow())
        .build();
  }

  private void schedule(JobKey key, Class<? extends Job> type, Set<Trigger> triggers) {
    try {
      scheduler.scheduleJobs(Map.of(detail(key, type), triggers), true);
    } catch (SchedulerException e) {
      throw failed("the clockwork cannot be set", e);
    }
  }

  private static MillraceException failed(String what, SchedulerException e) {
    return new MillraceException(StandardError.INTERNAL, what + ": " + Sensitive.message(e), e);
  }

  @Override
  public void close() {
    try {
      scheduler.shutdown(true);
    } catch (SchedulerException e) {
      logger.warn("The clockwork did not stop in order: {}", e.toString());
    }
    try {
      DBConnectionManager.getInstance().shutdown(connections);
    } catch (SQLException e) {
      logger.debug("The clockwork's connections", e);
    }
  }

  /** Calls {@link Work#release}. */
  @DisallowConcurrentExecution
  public static final class Release implements Job {
    private final Work work;

    Release(Work work) {
      this.work = work;
    }

    @Override
    public void execute(JobExecutionContext context) {
      try {
        work.release();
      } catch (RuntimeException e) {
        logger.error("Failed releasing what is due; the next look does it", e);
      }
    }
  }

  /** Calls {@link Work#nightly}. */
  @DisallowConcurrentExecution
  public static final class Nightly implements Job {
    private final Runnable night;

    Nightly(Runnable night) {
      this.night = night;
    }

    @Override
    public void execute(JobExecutionContext context) {
      night.run();
    }
  }

  /** Connections of the store's pool. */
  private record Connections(Database database) implements ConnectionProvider {
    @Override
    public Connection getConnection() throws SQLException {
      return database.dataSource().getConnection();
    }

    @Override
    public void shutdown() {
      // The pool is the store's.
    }

    @Override
    public void initialize() {}
  }
}
