package io.millrace.scheduler.datasource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.engine.task.ConnectorSpec;
import io.millrace.engine.task.DataSourceLookup;
import io.millrace.engine.task.Secrets;
import io.millrace.scheduler.audit.Audit;
import io.millrace.scheduler.audit.Page;
import io.millrace.scheduler.datasource.OptionCipher.Sealed;
import io.millrace.scheduler.datasource.SecretOptions.Separated;
import io.millrace.scheduler.error.SchedulerError;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.UniqueKey;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;

/**
 * Named connections in the store. What is shown never holds a secret; only {@link #find} gives them
 * out, to who reads a task. Every change is audited. Safe for use by several threads.
 */
public final class DataSourceStore implements DataSourceLookup {

  private static final int MOST = 1000;
  private static final UniqueKey NAME = new UniqueKey("data_source_name");
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final TypeReference<Map<String, Object>> OPTIONS = new TypeReference<>() {};

  private final Database database;
  private final KeyFile keys;
  private final OptionCipher cipher;
  private final Clock clock;
  private final Audit audit;
  private volatile Known known = new Known("", Secrets.NONE);

  /** The secrets as of a state of their table. */
  private record Known(String state, Secrets secrets) {}

  /**
   * @throws MillraceException in one line, when the store's secrets need a key that is not there
   */
  public DataSourceStore(Database database, KeyFile keys, Clock clock) {
    this.database = database;
    this.keys = keys;
    this.cipher = new OptionCipher(keys);
    this.clock = clock;
    this.audit = new Audit(clock, this::secrets);
    database.with(this::secrets);
  }

  /** An audit that takes these data sources' secrets out of its entries. */
  public Audit audit() {
    return audit;
  }

  /** Every secret that is kept here, or was since the start, for redaction. */
  public Secrets secrets(Handle handle) {
    String state =
        handle
            .createQuery("SELECT COUNT(*), SUM(id), MAX(id) FROM data_source_secret")
            .map(
                (row, context) ->
                    row.getString(1) + " " + row.getString(2) + " " + row.getString(3))
            .one();
    Known before = known;
    if (!before.state().equals(state)) {
      List<String> values = new ArrayList<>();
      handle
          .createQuery(
              "SELECT d.name, s.id, s.path, s.key_id, s.sealed FROM data_source d"
                  + " JOIN data_source_secret s ON s.data_source_id = d.id")
          .reduceRows(
              values,
              (all, row) -> {
                String value = String.valueOf(open(row));
                all.add(value);
                return all;
              });
      // As an option of this name is collected: with passwords in URLs apart.
      Secrets found =
          before.secrets().collect(new ConnectorSpec("", Map.of("secret", values)), List.of());
      before = new Known(state, found);
      known = before;
    }
    return before.secrets();
  }

  /** Creates a data source, version 1. */
  public DataSourceView create(NewDataSource given, String who, String why) {
    checkTexts(given);
    Separated parts = SecretOptions.separate(given.name(), given.options(), Map.of());
    return database.inTransaction(
        handle -> {
          if (row(handle, given.name()).isPresent()) {
            throw SchedulerError.conflict(exists(given.name()));
          }
          long id = NAME.claim(exists(given.name()), () -> insert(handle, given, parts));
          seal(handle, id, given.name(), parts.secrets());
          audit.record(
              handle, who, "datasource.create", subject(given.name()), why, write(parts.view()));
          return view(handle, given.name());
        });
  }

  private long insert(Handle handle, NewDataSource given, Separated parts) {
    return handle
        .createUpdate(
            "INSERT INTO data_source"
                + " (name, type, description, owner, options, revision, changed_at)"
                + " VALUES (:name, :type, :description, :owner, :options, 1, :now)")
        .bind("name", given.name())
        .bind("type", given.type())
        .bind("description", given.description())
        .bind("owner", given.owner())
        .bind("options", write(parts.view()))
        .bind("now", clock.millis())
        .executeAndReturnGeneratedKeys("id")
        .mapTo(Long.class)
        .one();
  }

  /**
   * Changes a data source; secrets that come as {@code ***} stay.
   *
   * @param revision the one that was looked at
   * @throws MillraceException when there is none of this name, or somebody changed it meanwhile
   */
  public DataSourceView update(NewDataSource given, int revision, String who, String why) {
    checkTexts(given);
    return database.inTransaction(
        handle -> {
          Row row = locked(handle, given.name(), revision);
          Separated parts =
              SecretOptions.separate(given.name(), given.options(), open(handle, row));
          handle
              .createUpdate(
                  "UPDATE data_source SET type = :type, description = :description, owner = :owner,"
                      + " options = :options, revision = revision + 1, changed_at = :now"
                      + " WHERE id = :id")
              .bind("type", given.type())
              .bind("description", given.description())
              .bind("owner", given.owner())
              .bind("options", write(parts.view()))
              .bind("now", clock.millis())
              .bind("id", row.id())
              .execute();
          seal(handle, row.id(), given.name(), parts.secrets());
          audit.record(
              handle,
              who,
              "datasource.update",
              subject(given.name()),
              why,
              "changed: " + String.join(", ", changed(row, given, parts)));
          return view(handle, given.name());
        });
  }

  private static Set<String> changed(Row row, NewDataSource given, Separated parts) {
    Set<String> changed = new TreeSet<>();
    Map<String, Object> before = row.view().options();
    Set<String> names = new TreeSet<>(before.keySet());
    names.addAll(parts.view().keySet());
    for (String name : names) {
      if (!Objects.equals(before.get(name), parts.view().get(name))
          || !Objects.equals(
              String.valueOf(given.options().get(name)), String.valueOf(parts.view().get(name)))) {
        changed.add(name);
      }
    }
    if (!row.view().type().equals(given.type())) {
      changed.add("type");
    }
    if (!row.view().owner().equals(given.owner())) {
      changed.add("owner");
    }
    if (!row.view().description().equals(given.description())) {
      changed.add("description");
    }
    return changed;
  }

  /**
   * Renames a data source.
   *
   * @param inUse whether a published task names it, which would lose it
   */
  public DataSourceView rename(
      String name, String newName, int revision, Predicate<String> inUse, String who, String why) {
    checkName(newName);
    return database.inTransaction(
        handle -> {
          Row row = locked(handle, name, revision);
          refuseUsed(name, inUse, "renamed");
          if (row(handle, newName).isPresent()) {
            throw SchedulerError.conflict(exists(newName));
          }
          Map<String, Object> secrets = open(handle, row);
          NAME.claim(
              exists(newName),
              () ->
                  handle.execute(
                      "UPDATE data_source SET name = ?, revision = revision + 1, changed_at = ?"
                          + " WHERE id = ?",
                      newName,
                      clock.millis(),
                      row.id()));
          // The name is a part of what is authenticated.
          seal(handle, row.id(), newName, secrets);
          audit.record(handle, who, "datasource.rename", subject(name), why, "now " + newName);
          return view(handle, newName);
        });
  }

  /**
   * Deletes a data source.
   *
   * @param inUse whether a published task names it
   */
  public void delete(String name, int revision, Predicate<String> inUse, String who, String why) {
    database.useTransaction(
        handle -> {
          Row row = locked(handle, name, revision);
          refuseUsed(name, inUse, "deleted");
          // Before it is forgotten, so that its secrets are known to the entry.
          audit.record(handle, who, "datasource.delete", subject(name), why, "");
          handle.execute("DELETE FROM data_source_secret WHERE data_source_id = ?", row.id());
          handle.execute("DELETE FROM data_source WHERE id = ?", row.id());
        });
  }

  /** A data source, as anybody may see it. */
  public Optional<DataSourceView> view(String name) {
    return database.with(handle -> row(handle, name).map(Row::view));
  }

  /**
   * Data sources by name.
   *
   * @param beginning what the names begin with; empty for all
   * @param limit the most to give, at most 1000
   */
  public Page<DataSourceView> list(String beginning, int offset, int limit) {
    String pattern = beginning.replaceAll("([!%_])", "!$1") + "%";
    return database.with(
        handle ->
            new Page<>(
                handle
                    .createQuery(
                        "SELECT * FROM data_source WHERE name LIKE :pattern ESCAPE '!'"
                            + " ORDER BY name LIMIT :most OFFSET :skip")
                    .bind("pattern", pattern)
                    .bind("most", Math.max(1, Math.min(MOST, limit)))
                    .bind("skip", Math.max(0, offset))
                    .reduceRows(
                        new ArrayList<DataSourceView>(),
                        (all, each) -> {
                          all.add(row(each).view());
                          return all;
                        }),
                Math.max(0, offset),
                handle
                    .createQuery(
                        "SELECT COUNT(*) FROM data_source WHERE name LIKE :pattern ESCAPE '!'")
                    .bind("pattern", pattern)
                    .mapTo(Long.class)
                    .one()));
  }

  /** The options with their secrets and the type, for reading a task. */
  @Override
  public Optional<Map<String, Object>> find(String name) {
    return database.with(
        handle ->
            row(handle, name)
                .map(
                    row -> {
                      Map<String, Object> options =
                          SecretOptions.join(row.view().options(), open(handle, row));
                      options.put("type", row.view().type());
                      return options;
                    }));
  }

  /**
   * Encrypts every secret with a new key and forgets the old one. Both keys are in the file until
   * all is done: when it was interrupted, calling it again goes on.
   *
   * @return how many secrets were encrypted anew
   */
  public int rotate(String who, String why) {
    if (keys.size() == 1) {
      keys.addKey();
    }
    int count = encryptAnew(who, why);
    keys.dropOldKeys();
    return count;
  }

  int encryptAnew(String who, String why) {
    String current = keys.currentId();
    return database.inTransaction(
        handle -> {
          // Locks data sources as each change does, so that none is sealed with the old key
          // meanwhile.
          handle.createQuery("SELECT id FROM data_source FOR UPDATE").mapTo(Long.class).list();
          record Old(long id, String name, String path, Object value) {}
          List<Old> old =
              handle
                  .createQuery(
                      "SELECT d.name, s.id, s.path, s.key_id, s.sealed FROM data_source d"
                          + " JOIN data_source_secret s ON s.data_source_id = d.id"
                          + " WHERE s.key_id <> :current")
                  .bind("current", current)
                  .reduceRows(
                      new ArrayList<Old>(),
                      (all, row) -> {
                        all.add(
                            new Old(
                                row.getColumn("id", Long.class),
                                row.getColumn("name", String.class),
                                row.getColumn("path", String.class),
                                open(row)));
                        return all;
                      });
          for (Old each : old) {
            Sealed sealed = cipher.seal(each.name(), each.path(), write(each.value()));
            handle.execute(
                "UPDATE data_source_secret SET key_id = ?, sealed = ? WHERE id = ?",
                sealed.keyId(),
                sealed.text(),
                each.id());
          }
          audit.record(
              handle, who, "datasource.rotate", "datasource", why, old.size() + " secrets");
          return old.size();
        });
  }

  private record Row(long id, DataSourceView view) {}

  private static Row row(RowView row) {
    return new Row(
        row.getColumn("id", Long.class),
        new DataSourceView(
            row.getColumn("name", String.class),
            row.getColumn("type", String.class),
            read(row.getColumn("options", String.class)),
            row.getColumn("description", String.class),
            row.getColumn("owner", String.class),
            row.getColumn("revision", Integer.class),
            Instant.ofEpochMilli(row.getColumn("changed_at", Long.class))));
  }

  private static Optional<Row> row(Handle handle, String name) {
    return select(handle, name, "");
  }

  private static Optional<Row> select(Handle handle, String name, String lock) {
    return handle
        .createQuery("SELECT * FROM data_source WHERE name = :name" + lock)
        .bind("name", name)
        .reduceRows(
            new ArrayList<Row>(),
            (all, each) -> {
              all.add(row(each));
              return all;
            })
        .stream()
        .findFirst();
  }

  private static DataSourceView view(Handle handle, String name) {
    return row(handle, name).orElseThrow(() -> missing(name)).view();
  }

  private static Row locked(Handle handle, String name, int revision) {
    Row row = select(handle, name, " FOR UPDATE").orElseThrow(() -> missing(name));
    if (row.view().revision() != revision) {
      throw SchedulerError.conflict(
          "data source '"
              + name
              + "' was changed meanwhile: it has revision "
              + row.view().revision()
              + ", not "
              + revision
              + "; look at it again");
    }
    return row;
  }

  private void seal(Handle handle, long id, String name, Map<String, Object> secrets) {
    handle.execute("DELETE FROM data_source_secret WHERE data_source_id = ?", id);
    secrets.forEach(
        (path, value) -> {
          Sealed sealed = cipher.seal(name, path, write(value));
          handle.execute(
              "INSERT INTO data_source_secret (data_source_id, path, key_id, sealed)"
                  + " VALUES (?, ?, ?, ?)",
              id,
              path,
              sealed.keyId(),
              sealed.text());
        });
  }

  private Map<String, Object> open(Handle handle, Row row) {
    return handle
        .createQuery(
            "SELECT d.name, s.id, s.path, s.key_id, s.sealed FROM data_source d"
                + " JOIN data_source_secret s ON s.data_source_id = d.id WHERE d.id = :id")
        .bind("id", row.id())
        .reduceRows(
            new LinkedHashMap<String, Object>(),
            (all, each) -> {
              all.put(each.getColumn("path", String.class), open(each));
              return all;
            });
  }

  private Object open(RowView row) {
    String json =
        cipher.open(
            row.getColumn("name", String.class),
            row.getColumn("path", String.class),
            new Sealed(
                row.getColumn("key_id", String.class), row.getColumn("sealed", String.class)));
    try {
      return JSON.readValue(json, Object.class);
    } catch (JsonProcessingException e) {
      // Jackson's message may repeat the secret.
      throw new MillraceException(
          StandardError.INTERNAL, "a secret in the store cannot be read", null);
    }
  }

  private static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new MillraceException(
          StandardError.INTERNAL, "options of a data source cannot be written", null);
    }
  }

  private static Map<String, Object> read(String options) {
    try {
      return JSON.readValue(options, OPTIONS);
    } catch (JsonProcessingException e) {
      throw new MillraceException(
          StandardError.INTERNAL, "options of a data source in the store cannot be read", e);
    }
  }

  private static void checkTexts(NewDataSource given) {
    checkName(given.name());
    if (!given.type().matches("[A-Za-z0-9._-]{1,64}")) {
      throw wrong(given.name(), "needs a type: a connector's name such as mysql");
    }
    if (given.description().length() > 1000 || given.owner().length() > 64) {
      throw wrong(given.name(), "has a description above 1000 or an owner above 64 characters");
    }
    for (String reserved : List.of("type", "datasource")) {
      if (given.options().containsKey(reserved)) {
        throw wrong(given.name(), "cannot have an option '" + reserved + "'");
      }
    }
  }

  private static void checkName(String name) {
    if (!name.matches("[\\p{L}\\p{N}_][\\p{L}\\p{N}._ -]{0,99}") || name.endsWith(" ")) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "the name of a data source must be made of letters, digits, blanks and . _ - (at most"
              + " 100), and begin with a letter or digit");
    }
  }

  private static void refuseUsed(String name, Predicate<String> inUse, String what) {
    if (inUse.test(name)) {
      throw conflict(
          name, "is used by a published task and cannot be " + what + ": change that first");
    }
  }

  private static MillraceException wrong(String name, String what) {
    return new MillraceException(StandardError.CONFIGURATION, "data source '" + name + "' " + what);
  }

  private static MillraceException conflict(String name, String what) {
    return SchedulerError.conflict("data source '" + name + "' " + what);
  }

  private static String exists(String name) {
    return "data source '" + name + "' exists already: take another name, or update it";
  }

  private static MillraceException missing(String name) {
    return wrong(name, "does not exist");
  }

  private static String subject(String name) {
    return "datasource/" + name;
  }
}
