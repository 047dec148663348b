package io.millrace.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.millrace.api.error.MillraceException;
import io.millrace.engine.task.Declarations;
import io.millrace.scheduler.datasource.DataSourceStore;
import io.millrace.scheduler.datasource.KeyFile;
import io.millrace.scheduler.datasource.NewDataSource;
import io.millrace.scheduler.error.SchedulerError;
import io.millrace.scheduler.group.GroupKind;
import io.millrace.scheduler.group.ResourceGroup;
import io.millrace.scheduler.group.ResourceGroups;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.task.RunSettings;
import io.millrace.scheduler.task.TaskDefinition;
import io.millrace.scheduler.task.TaskKind;
import io.millrace.scheduler.task.Tasks;
import io.millrace.scheduler.task.Workflows;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two who take a name at once: one gets it, the other one is told so. */
@Timeout(120)
abstract class AbstractNamesTest {

  /** Would be taken for the name of another key by whoever reads too much of the message. */
  private static final String NAME = "task_version";

  private static final String EXISTS =
      "data source '" + NAME + "' exists already: take another name, or update it";

  @TempDir private Path directory;
  private final ExecutorService threads = Executors.newFixedThreadPool(1);
  private final CountDownLatch looked = new CountDownLatch(1);
  private Database database;

  abstract Database open() throws Exception;

  @BeforeEach
  void begin() throws Exception {
    database = open();
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
    database.close();
  }

  @Test
  void twoTasks() throws Exception {
    Tasks tasks = new Tasks();
    TaskDefinition draft =
        new TaskDefinition(TaskKind.SYNC, "script", null, RunSettings.DEFAULT, Map.of(), List.of());
    assertTheSecondIsToldOf(
        handle -> tasks.create(handle, NAME, "me", draft),
        "there is already a task '" + NAME + "'; choose another name");
  }

  @Test
  void twoWorkflows() throws Exception {
    Workflows workflows = new Workflows();
    assertTheSecondIsToldOf(
        handle -> workflows.create(handle, NAME, "me", ""),
        "there is already a workflow '" + NAME + "'; choose another name");
  }

  @Test
  void twoResourceGroups() throws Exception {
    ResourceGroups groups = new ResourceGroups();
    ResourceGroup wanted = new ResourceGroup(0, NAME, GroupKind.EXCLUSIVE, 4, 0);
    assertTheSecondIsToldOf(
        handle -> groups.create(handle, wanted),
        "there is already a resource group '" + NAME + "'");
  }

  @Test
  void twoNodesThatStartAtOnceShareTheDefaultGroup() throws Exception {
    ResourceGroups groups = new ResourceGroups();
    race(groups::ensureDefault, () -> inserting(groups::ensureDefault)).get(60, TimeUnit.SECONDS);
    assertThat(database.<List<ResourceGroup>, RuntimeException>with(groups::all)).hasSize(1);
  }

  @Test
  void twoDataSources() throws Exception {
    DataSourceStore store = dataSources();
    NewDataSource wanted = new NewDataSource(NAME, "mysql", Map.of(), "", "me");
    assertRefused(race(this::insertDataSource, () -> store.create(wanted, "me", "")), EXISTS);
  }

  @Test
  void aDataSourceAndOneThatIsRenamed() throws Exception {
    NewDataSource other = new NewDataSource("other", "mysql", Map.of(), "", "me");
    new DataSourceStore(
            database, KeyFile.open(directory.resolve("key")), Declarations.NONE, Clock.systemUTC())
        .create(other, "me", "");
    DataSourceStore store = dataSources();
    assertRefused(
        race(this::insertDataSource, () -> store.rename("other", NAME, 1, name -> false, "me", "")),
        EXISTS);
  }

  private void insertDataSource(Handle handle) {
    handle.execute(
        "INSERT INTO data_source (name, type, description, owner, options, revision, changed_at)"
            + " VALUES (?, 'mysql', '', 'me', '{}', 1, 1)",
        NAME);
  }

  /** It asks for the time when it has looked for the name. */
  private DataSourceStore dataSources() {
    Clock clock =
        new Clock() {
          @Override
          public Instant instant() {
            looked.countDown();
            return Instant.EPOCH;
          }

          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
          }
        };
    return new DataSourceStore(
        database, KeyFile.open(directory.resolve("key")), Declarations.NONE, clock);
  }

  private interface Create {
    void with(Handle handle);
  }

  private void assertTheSecondIsToldOf(Create create, String refusal) throws Exception {
    assertRefused(race(create, () -> inserting(create)), refusal);
  }

  /**
   * The first one takes the name, and commits when the second one has found it free and is about to
   * take it as well.
   */
  private Future<?> race(Create first, Runnable second) throws InterruptedException {
    List<Future<?>> started = new ArrayList<>();
    database.useTransaction(
        handle -> {
          first.with(handle);
          started.add(threads.submit(second));
          assertThat(looked.await(60, TimeUnit.SECONDS)).isTrue();
        });
    return started.get(0);
  }

  /** Says when the name is about to be taken. */
  private void inserting(Create create) {
    database.useTransaction(
        handle -> {
          handle
              .getConfig(SqlStatements.class)
              .setSqlLogger(
                  new SqlLogger() {
                    @Override
                    public void logBeforeExecution(StatementContext context) {
                      if (context.getRawSql().startsWith("INSERT")) {
                        looked.countDown();
                      }
                    }
                  });
          create.with(handle);
        });
  }

  private static void assertRefused(Future<?> second, String refusal) {
    assertThatThrownBy(() -> second.get(60, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(MillraceException.class)
        .hasMessage(refusal)
        .asInstanceOf(type(MillraceException.class))
        .extracting(MillraceException::errorCode)
        .isEqualTo(SchedulerError.CONFLICT);
  }
}
