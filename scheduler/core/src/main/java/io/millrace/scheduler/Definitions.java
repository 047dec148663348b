package io.millrace.scheduler;

import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.task.TaskVersion;
import io.millrace.scheduler.task.Tasks;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The versions that instances run, kept in memory because they never change. Bounded. Safe for use
 * by several threads.
 */
final class Definitions {

  private static final int MOST = 2000;

  private final Database database;
  private final Tasks tasks;
  private final Map<Key, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Known> eldest) {
          return size() > MOST;
        }
      };

  Definitions(Database database, Tasks tasks) {
    this.database = database;
    this.tasks = tasks;
  }

  /** A version, and what its task is called. */
  record Known(String name, TaskVersion version) {}

  private record Key(long task, int version) {}

  Known of(Instance instance) {
    Key key = new Key(instance.taskId(), instance.taskVersion());
    synchronized (known) {
      Known found = known.get(key);
      if (found != null) {
        return found;
      }
    }
    Known read =
        database.with(
            handle ->
                new Known(
                    handle
                        .createQuery("SELECT name FROM task WHERE id = :id")
                        .bind("id", key.task())
                        .mapTo(String.class)
                        .one(),
                    tasks.version(handle, key.task(), key.version())));
    synchronized (known) {
      known.put(key, read);
    }
    return read;
  }
}
