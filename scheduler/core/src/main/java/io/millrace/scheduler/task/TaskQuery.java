package io.millrace.scheduler.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Lists tasks, the newest first. Stateless. */
public final class TaskQuery {

  private TaskQuery() {}

  /**
   * Which tasks to list; null for any.
   *
   * @param name a part of the name, upper and lower case alike
   * @param label one of the labels, whole
   * @param published whether there is a published version
   * @param workflow the name of the workflow it belongs to
   */
  public record Filter(
      @Nullable String name,
      @Nullable String owner,
      @Nullable String label,
      @Nullable Boolean published,
      @Nullable String workflow) {

    public static final Filter ALL = new Filter(null, null, null, null, null);
  }

  /**
   * A part of the list.
   *
   * @param before only ids below this one; {@link Long#MAX_VALUE} for the first part
   */
  public static List<Task> list(Handle handle, Filter filter, long before, int most) {
    List<String> conditions = new ArrayList<>(List.of("NOT deleted", "id < :before"));
    Map<String, Object> values = new LinkedHashMap<>();
    if (filter.name() != null) {
      conditions.add("LOWER(name) LIKE :name ESCAPE '!'");
      values.put("name", "%" + literal(filter.name().toLowerCase(Locale.ROOT)) + "%");
    }
    if (filter.owner() != null) {
      conditions.add("owner = :owner");
      values.put("owner", filter.owner());
    }
    if (filter.label() != null) {
      conditions.add("CONCAT(',', labels, ',') LIKE :label ESCAPE '!'");
      values.put("label", "%," + literal(filter.label()) + ",%");
    }
    if (filter.published() != null) {
      conditions.add(filter.published() ? "published > 0" : "published = 0");
    }
    if (filter.workflow() != null) {
      conditions.add("workflow_id = (SELECT w.id FROM workflow w WHERE w.name = :workflow)");
      values.put("workflow", filter.workflow());
    }
    try (Query query =
        handle.createQuery(
            "SELECT "
                + Tasks.COLUMNS
                + " FROM task WHERE "
                + String.join(" AND ", conditions)
                + " ORDER BY id DESC LIMIT :most")) {
      return query
          .bindMap(values)
          .bind("before", before)
          .bind("most", most)
          .map((row, context) -> Tasks.task(row))
          .list();
    }
  }

  static String literal(String text) {
    return text.replaceAll("([!%_])", "!$1");
  }
}
