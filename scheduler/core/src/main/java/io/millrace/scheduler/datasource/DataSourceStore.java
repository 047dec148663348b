package io.millrace.scheduler.datasource;

import io.millrace.api.ServerCertificates;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.engine.task.DataSourceLookup;
import io.millrace.engine.task.Declarations;
import io.millrace.engine.task.OptionRules;
import io.millrace.engine.task.Secrets;
import io.millrace.scheduler.audit.Audit;
import io.millrace.scheduler.audit.Page;
import io.millrace.scheduler.datasource.SecretOptions.Separated;
import io.millrace.scheduler.error.SchedulerError;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.UniqueKey;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
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

  private final Database database;
  private final KeyFile keys;
  private final SealedSecrets sealed;
  private final Declarations declarations;
  private final Clock clock;
  private final Audit audit;
  private final CertificateTable certificates;

  /**
   * Encrypts what is in the store and readable, though the connectors do not declare it open.
   *
   * @param declarations what the connectors declare
   * @throws MillraceException in one line, when the store's secrets need a key that is not there
   */
  public DataSourceStore(Database database, KeyFile keys, Declarations declarations, Clock clock) {
    this.database = database;
    this.keys = keys;
    this.declarations = declarations;
    this.sealed = new SealedSecrets(new OptionCipher(keys), declarations);
    this.clock = clock;
    this.audit = new Audit(clock, this::secrets);
    this.certificates = new CertificateTable(clock);
    database.with(this::secrets);
    database.useTransaction(this::sealReadable);
  }

  /**
   * What earlier versions, or a server without the connector, kept readable. Nothing that is sealed
   * is opened: what is declared open now shows when its value is given again.
   */
  private void sealReadable(Handle handle) {
    List<Row> rows =
        handle
            .createQuery("SELECT * FROM data_source ORDER BY id FOR UPDATE")
            .reduceRows(
                new ArrayList<Row>(),
                (all, each) -> {
                  all.add(row(each, List.of()));
                  return all;
                });
    Map<String, OptionRules> known = new HashMap<>();
    for (Row row : rows) {
      Map<String, Object> before = sealed.open(handle, row.id());
      DataSourceView view = row.view();
      OptionRules rules = known.computeIfAbsent(view.type(), declarations::rules);
      Separated parts = SecretOptions.sealed(view.name(), rules, view.options(), before);
      if (parts.secrets().keySet().equals(before.keySet())) {
        continue;
      }
      handle.execute(
          "UPDATE data_source SET options = ? WHERE id = ?",
          OptionsJson.write(parts.view()),
          row.id());
      sealed.seal(handle, row.id(), view.name(), parts.secrets());
      Set<String> found = new TreeSet<>(parts.secrets().keySet());
      found.removeAll(before.keySet());
      audit.clearSubject(handle, subject(view.name()), rules.secrets(join(parts)));
      audit.record(
          handle,
          "millrace",
          "datasource.seal",
          subject(view.name()),
          "kept readable until now",
          String.join(", ", found));
    }
  }

  private static Map<String, Object> join(Separated parts) {
    return SecretOptions.join(parts.view(), parts.secrets());
  }

  private OptionRules rules(String type) {
    return declarations.rules(type);
  }

  @Override
  public Declarations declarations() {
    return declarations;
  }

  /** An audit that takes these data sources' secrets out of its entries. */
  public Audit audit() {
    return audit;
  }

  /** Every secret that is kept here, or was since the start, for redaction. */
  public Secrets secrets(Handle handle) {
    return sealed.all(handle);
  }

  /** Creates a data source, version 1. */
  public DataSourceView create(NewDataSource given, String who, String why) {
    checkTexts(given);
    Separated parts =
        SecretOptions.separate(given.name(), rules(given.type()), given.options(), Map.of());
    return database.inTransaction(
        handle -> {
          if (row(handle, given.name()).isPresent()) {
            throw SchedulerError.conflict(exists(given.name()));
          }
          long id = NAME.claim(exists(given.name()), () -> insert(handle, given, parts));
          sealed.seal(handle, id, given.name(), parts.secrets());
          audit.record(
              handle,
              who,
              "datasource.create",
              subject(given.name()),
              why,
              OptionsJson.write(parts.view()));
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
        .bind("options", OptionsJson.write(parts.view()))
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
          Map<String, Object> before = sealed.open(handle, row.id());
          Separated parts =
              SecretOptions.separate(given.name(), rules(given.type()), given.options(), before);
          if (leadsElsewhere(row.view(), before, given, parts)) {
            CertificateTable.forget(handle, row.id());
          }
          handle
              .createUpdate(
                  "UPDATE data_source SET type = :type, description = :description, owner = :owner,"
                      + " options = :options, revision = revision + 1, changed_at = :now"
                      + " WHERE id = :id")
              .bind("type", given.type())
              .bind("description", given.description())
              .bind("owner", given.owner())
              .bind("options", OptionsJson.write(parts.view()))
              .bind("now", clock.millis())
              .bind("id", row.id())
              .execute();
          sealed.seal(handle, row.id(), given.name(), parts.secrets());
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

  /**
   * True when secrets go somewhere else from now on. Whoever may change a data source may use its
   * secrets, and not see them: so none is kept then.
   */
  private boolean leadsElsewhere(
      DataSourceView now, Map<String, Object> secrets, NewDataSource given, Separated parts) {
    Optional<String> changed = redirection(now, secrets, given, parts);
    if (changed.isPresent() && !parts.kept().isEmpty()) {
      String kept = parts.kept().iterator().next().substring(1).replace('/', '.');
      throw again(given.name(), changed.get(), kept);
    }
    return changed.isPresent();
  }

  private Optional<String> redirection(
      DataSourceView now, Map<String, Object> secrets, NewDataSource given, Separated parts) {
    if (!declarations.name(now.type()).equals(declarations.name(given.type()))) {
      return Optional.of("type");
    }
    OptionRules rules = rules(given.type());
    Map<String, String> before = rules.directingValues(SecretOptions.join(now.options(), secrets));
    Map<String, String> after = rules.directingValues(join(parts));
    Set<String> paths = new TreeSet<>(before.keySet());
    paths.addAll(after.keySet());
    return paths.stream()
        .filter(path -> !Objects.equals(before.get(path), after.get(path)))
        .findFirst();
  }

  private static MillraceException again(String name, String changed, String kept) {
    return wrong(
        name,
        ("changes '"
                + changed
                + "', which decides where its secrets go: give every secret again, '"
                + kept
                + "' among them, instead of ***")
            .replaceAll("\\p{Cntrl}", " "));
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
          Map<String, Object> secrets = sealed.open(handle, row.id());
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
          sealed.seal(handle, row.id(), newName, secrets);
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
          CertificateTable.forget(handle, row.id());
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
                          all.add(row(handle, each).view());
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
                          SecretOptions.join(row.view().options(), sealed.open(handle, row.id()));
                      options.put("type", row.view().type());
                      return options;
                    }));
  }

  @Override
  public ServerCertificates certificates(String name) {
    return database
        .with(handle -> row(handle, name).map(Row::id))
        .<ServerCertificates>map(
            id -> new SourceCertificates(database, certificates, audit, id, name))
        .orElse(ServerCertificates.NONE);
  }

  /**
   * Accepts the certificate that a server shows now, or will show.
   *
   * @param server {@code host:port}
   * @param fingerprint as the error names it
   * @throws MillraceException when there is no such data source, or one of them has another form
   */
  public DataSourceView accept(
      String name, String server, String fingerprint, String who, String why) {
    String which = CertificateTable.server(server);
    String accepted = CertificateTable.fingerprint(fingerprint);
    return database.inTransaction(
        handle -> {
          Row row = select(handle, name, " FOR UPDATE").orElseThrow(() -> missing(name));
          String before =
              CertificateTable.fingerprint(handle, row.id(), which).orElse("none was known");
          certificates.put(handle, row.id(), which, accepted);
          audit.record(
              handle,
              who,
              "datasource.certificate",
              subject(name),
              why,
              which + ": " + accepted + ", before: " + before);
          return view(handle, name);
        });
  }

  /** Locks a data source; false when it is no more. */
  static boolean lock(Handle handle, long id) {
    return handle
        .createQuery("SELECT id FROM data_source WHERE id = :id FOR UPDATE")
        .bind("id", id)
        .mapTo(Long.class)
        .findFirst()
        .isPresent();
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
          int count = sealed.sealAnew(handle, current);
          // From now on the newest key is what a node that joins must have in common with each,
          // whether that has read its key file again or not.
          handle
              .createUpdate("UPDATE node SET key_prints = :print WHERE key_prints <> ''")
              .bind("print", KeySignatures.print(keys.key(current).orElseThrow()))
              .execute();
          audit.record(handle, who, "datasource.rotate", "datasource", why, count + " secrets");
          return count;
        });
  }

  private record Row(long id, DataSourceView view) {}

  private static Row row(Handle handle, RowView row) {
    return row(row, CertificateTable.of(handle, row.getColumn("id", Long.class)));
  }

  private static Row row(RowView row, List<KeptCertificate> certificates) {
    return new Row(
        row.getColumn("id", Long.class),
        new DataSourceView(
            row.getColumn("name", String.class),
            row.getColumn("type", String.class),
            OptionsJson.read(row.getColumn("options", String.class)),
            row.getColumn("description", String.class),
            row.getColumn("owner", String.class),
            row.getColumn("revision", Integer.class),
            Instant.ofEpochMilli(row.getColumn("changed_at", Long.class)),
            certificates));
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
              all.add(row(handle, each));
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

  static String subject(String name) {
    return "datasource/" + name;
  }
}
