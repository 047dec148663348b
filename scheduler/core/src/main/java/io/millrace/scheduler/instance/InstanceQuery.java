package io.millrace.scheduler.instance;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Lists instances, the newest first. Stateless. */
public final class InstanceQuery {

  private InstanceQuery() {}

  /**
   * Which instances to list; empty or null for any.
   *
   * @param taskId the task
   * @param task the task's name, whole
   * @param from the first business date
   * @param to the last business date
   * @param owner of the task
   * @param group the name of the resource group
   * @param workflow the name of the workflow that the task belongs to
   * @param runKey the backfill, together with the kind
   */
  public record Filter(
      Set<InstanceState> states,
      Set<InstanceKind> kinds,
      @Nullable Long taskId,
      @Nullable String task,
      @Nullable LocalDate from,
      @Nullable LocalDate to,
      @Nullable String owner,
      @Nullable String group,
      @Nullable String workflow,
      @Nullable Long runKey) {

    public static final Filter ALL =
        new Filter(Set.of(), Set.of(), null, null, null, null, null, null, null, null);

    public Filter {
      states = Set.copyOf(states);
      kinds = Set.copyOf(kinds);
    }
  }

  /** An instance, with what its task and its group are called. */
  public record Found(Instance instance, String task, String owner, String group) {}

  /**
   * A part of the list.
   *
   * @param before only ids below this one; {@link Long#MAX_VALUE} for the first part
   */
  public static List<Found> list(Handle handle, Filter filter, long before, int most) {
    Map<String, Object> values = new LinkedHashMap<>();
    String conditions = conditions(filter, values);
    try (Query query =
        handle.createQuery(
            "SELECT i.*, t.name AS task_name, t.owner AS task_owner, g.name AS group_name"
                + " FROM instance i JOIN task t ON t.id = i.task_id"
                + " JOIN resource_group g ON g.id = i.group_id WHERE i.id < :before"
                + conditions
                + " ORDER BY i.id DESC LIMIT :most")) {
      bind(query, filter);
      return query
          .bindMap(values)
          .bind("before", before)
          .bind("most", most)
          .map(
              (row, context) ->
                  new Found(
                      Instances.instance(row),
                      row.getString("task_name"),
                      row.getString("task_owner"),
                      row.getString("group_name")))
          .list();
    }
  }

  private static String conditions(Filter filter, Map<String, Object> values) {
    List<String> conditions = new ArrayList<>();
    if (!filter.states().isEmpty()) {
      conditions.add("i.state IN (<states>)");
    }
    if (!filter.kinds().isEmpty()) {
      conditions.add("i.kind IN (<kinds>)");
    }
    add(conditions, values, "i.task_id = ", "task", filter.taskId());
    add(conditions, values, "t.name = ", "name", filter.task());
    // Dates as text sort as dates do.
    add(conditions, values, "i.business_date >= ", "first", text(filter.from()));
    add(conditions, values, "i.business_date <= ", "last", text(filter.to()));
    add(conditions, values, "t.owner = ", "owner", filter.owner());
    add(conditions, values, "g.name = ", "group", filter.group());
    add(conditions, values, "i.run_key = ", "run", filter.runKey());
    if (filter.workflow() != null) {
      conditions.add("t.workflow_id = (SELECT w.id FROM workflow w WHERE w.name = :workflow)");
      values.put("workflow", filter.workflow());
    }
    StringBuilder sql = new StringBuilder();
    conditions.forEach(condition -> sql.append(" AND ").append(condition));
    return sql.toString();
  }

  private static void add(
      List<String> conditions,
      Map<String, Object> values,
      String condition,
      String name,
      @Nullable Object value) {
    if (value != null) {
      conditions.add(condition + ":" + name);
      values.put(name, value);
    }
  }

  private static @Nullable String text(@Nullable LocalDate date) {
    return date == null ? null : date.toString();
  }

  private static void bind(Query query, Filter filter) {
    if (!filter.states().isEmpty()) {
      query.bindList("states", filter.states().stream().map(Enum::name).toList());
    }
    if (!filter.kinds().isEmpty()) {
      query.bindList("kinds", filter.kinds().stream().map(Enum::name).toList());
    }
  }
}
