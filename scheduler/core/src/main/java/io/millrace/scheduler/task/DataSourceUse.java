package io.millrace.scheduler.task;

import io.millrace.scheduler.store.Json;
import java.util.List;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/** Finds the tasks that name a data source. Stateless. */
public final class DataSourceUse {

  private DataSourceUse() {}

  /** The names of the tasks whose published version names it; drafts do not count. */
  public static List<String> publishedTasks(Handle handle, String dataSource) {
    // Names of data sources hold nothing that JSON or YAML would have to escape.
    Pattern named =
        Pattern.compile(
            "datasource[\"']?\\s*:\\s*\\[?\\s*[\"']?"
                + Pattern.quote(dataSource)
                + "[\"']?\\s*(?=[\\],}\\r\\n#]|$)",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    record Published(String name, String content) {}
    return handle
        .createQuery(
            "SELECT t.name, v.content FROM task t JOIN task_version v"
                + " ON v.task_id = t.id AND v.version = t.published WHERE NOT t.deleted"
                + " AND v.content LIKE :part ESCAPE '!' ORDER BY t.name")
        .bind("part", "%" + dataSource.replaceAll("([!%_])", "!$1") + "%")
        .map((row, context) -> new Published(row.getString(1), row.getString(2)))
        .stream()
        .filter(
            one ->
                named
                    .matcher(Json.read(one.content(), Tasks.Content.class).definition().script())
                    .find())
        .map(Published::name)
        .toList();
  }
}
