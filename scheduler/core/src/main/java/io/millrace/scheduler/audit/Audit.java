package io.millrace.scheduler.audit;

import io.millrace.engine.task.Secrets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Writes and shows the audit. Safe for use by several threads. */
public final class Audit {

  private static final int MOST = 1000;

  private final Clock clock;
  private final Function<Handle, Secrets> secrets;

  /**
   * @param secrets every secret that is known, which no entry may hold; asked for each entry
   */
  public Audit(Clock clock, Function<Handle, Secrets> secrets) {
    this.clock = clock;
    this.secrets = secrets;
  }

  /**
   * Records a change, in the transaction that makes it. Secrets that are known and passwords in
   * URLs become {@code ***}; what is too long is cut.
   */
  public void record(
      Handle handle, String who, String action, String subject, String why, String detail) {
    Secrets known = secrets.apply(handle);
    handle
        .createUpdate(
            "INSERT INTO audit (at, who, action, subject, why, detail)"
                + " VALUES (:at, :who, :action, :subject, :why, :detail)")
        .bind("at", clock.millis())
        .bind("who", clean(known, who, 64))
        .bind("action", clean(known, action, 64))
        .bind("subject", clean(known, subject, 200))
        .bind("why", cut(known.redactForeign(why), 1000))
        .bind("detail", clean(known, detail, 4000))
        .execute();
  }

  /**
   * Takes secrets out of the entries on a subject that were written before these were known as
   * secrets, and out of what looks at sources have left.
   */
  public void clearSubject(Handle handle, String subject, Collection<String> found) {
    Secrets secrets = Secrets.NONE.plus(found);
    record Entry(long id, String why, String detail) {}
    List<Entry> entries =
        handle
            .createQuery(
                "SELECT id, why, detail FROM audit"
                    + " WHERE subject = :subject OR action = 'task.look'")
            .bind("subject", subject)
            .map(
                (row, context) ->
                    new Entry(row.getLong("id"), row.getString("why"), row.getString("detail")))
            .list();
    for (Entry entry : entries) {
      String why = secrets.redactForeign(entry.why());
      String detail = secrets.redactForeign(entry.detail());
      if (!why.equals(entry.why()) || !detail.equals(entry.detail())) {
        handle.execute(
            "UPDATE audit SET why = ?, detail = ? WHERE id = ?", why, detail, entry.id());
      }
    }
  }

  /** Cut only after secrets are gone: half a secret would not be found. */
  private static String clean(Secrets known, String text, int most) {
    return cut(known.redact(text), most);
  }

  private static String cut(String text, int most) {
    String clean = Secrets.hideInUrls(text);
    return clean.length() <= most ? clean : clean.substring(0, most - 3) + "...";
  }

  /**
   * The newest entries first.
   *
   * @param offset how many to leave out
   * @param limit the most to give, at most 1000
   */
  public Page<AuditEntry> find(Handle handle, AuditFilter filter, int offset, int limit) {
    List<String> conditions = new ArrayList<>(List.of("1 = 1"));
    Map<String, Object> values = new LinkedHashMap<>();
    if (filter.who() != null) {
      conditions.add("who = :who");
      values.put("who", filter.who());
    }
    if (filter.action() != null) {
      conditions.add("action = :action");
      values.put("action", filter.action());
    }
    if (filter.subject() != null) {
      conditions.add("subject LIKE :subject ESCAPE '!'");
      values.put("subject", filter.subject().replaceAll("([!%_])", "!$1") + "%");
    }
    if (filter.from() != null) {
      conditions.add("at >= :start");
      values.put("start", filter.from().toEpochMilli());
    }
    if (filter.to() != null) {
      conditions.add("at < :end");
      values.put("end", filter.to().toEpochMilli());
    }
    String where = " FROM audit WHERE " + String.join(" AND ", conditions);
    try (Query count = handle.createQuery("SELECT COUNT(*)" + where);
        Query rows =
            handle.createQuery(
                "SELECT id, at, who, action, subject, why, detail"
                    + where
                    + " ORDER BY at DESC, id DESC LIMIT :most OFFSET :skip")) {
      long total = count.bindMap(values).mapTo(Long.class).one();
      List<AuditEntry> entries =
          rows.bindMap(values)
              .bind("most", Math.max(1, Math.min(MOST, limit)))
              .bind("skip", Math.max(0, offset))
              .map(
                  (row, context) ->
                      new AuditEntry(
                          row.getLong("id"),
                          Instant.ofEpochMilli(row.getLong("at")),
                          row.getString("who"),
                          row.getString("action"),
                          row.getString("subject"),
                          row.getString("why"),
                          row.getString("detail")))
              .list();
      return new Page<>(entries, Math.max(0, offset), total);
    }
  }
}
