package io.millrace.scheduler.datasource;

import io.millrace.engine.task.Declarations;
import io.millrace.engine.task.OptionRules;
import io.millrace.engine.task.Secrets;
import io.millrace.scheduler.datasource.OptionCipher.Sealed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;

/**
 * The secrets of data sources in the store, each encrypted. Every call works within the given
 * handle's transaction. Safe for use by several threads.
 */
final class SealedSecrets {

  private final OptionCipher cipher;
  private final Declarations declarations;
  private volatile Known known = new Known("", Secrets.NONE);

  /** The secrets as of a state of their table. */
  private record Known(String state, Secrets secrets) {}

  SealedSecrets(OptionCipher cipher, Declarations declarations) {
    this.cipher = cipher;
    this.declarations = declarations;
  }

  /** Every secret that is kept, or was since the start, for redaction. */
  Secrets all(Handle handle) {
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
      Map<String, OptionRules> rules = new HashMap<>();
      handle
          .createQuery(
              "SELECT d.name, d.type, s.id, s.path, s.key_id, s.sealed FROM data_source d"
                  + " JOIN data_source_secret s ON s.data_source_id = d.id")
          .reduceRows(
              values,
              (all, row) -> {
                Object value = open(row);
                all.addAll(Secrets.findInUrls(value.toString()));
                if (rules
                    .computeIfAbsent(row.getColumn("type", String.class), declarations::rules)
                    .isSearched(row.getColumn("path", String.class), value)) {
                  all.add(value.toString());
                }
                return all;
              });
      before = new Known(state, before.secrets().plus(values));
      known = before;
    }
    return before.secrets();
  }

  /** Replaces the secrets of a data source, by path. */
  void seal(Handle handle, long id, String name, Map<String, Object> secrets) {
    handle.execute("DELETE FROM data_source_secret WHERE data_source_id = ?", id);
    secrets.forEach(
        (path, value) -> {
          Sealed sealed = cipher.seal(name, path, OptionsJson.write(value));
          handle.execute(
              "INSERT INTO data_source_secret (data_source_id, path, key_id, sealed)"
                  + " VALUES (?, ?, ?, ?)",
              id,
              path,
              sealed.keyId(),
              sealed.text());
        });
  }

  /** The secrets of a data source, by path. */
  Map<String, Object> open(Handle handle, long id) {
    return handle
        .createQuery(
            "SELECT d.name, s.id, s.path, s.key_id, s.sealed FROM data_source d"
                + " JOIN data_source_secret s ON s.data_source_id = d.id WHERE d.id = :id")
        .bind("id", id)
        .reduceRows(
            new LinkedHashMap<String, Object>(),
            (all, each) -> {
              all.put(each.getColumn("path", String.class), open(each));
              return all;
            });
  }

  private Object open(RowView row) {
    return OptionsJson.readSecret(
        cipher.open(
            row.getColumn("name", String.class),
            row.getColumn("path", String.class),
            new Sealed(
                row.getColumn("key_id", String.class), row.getColumn("sealed", String.class))));
  }

  /**
   * Encrypts with the current key what is encrypted with another one.
   *
   * @return how many secrets
   */
  int sealAnew(Handle handle, String current) {
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
      Sealed sealed = cipher.seal(each.name(), each.path(), OptionsJson.write(each.value()));
      handle.execute(
          "UPDATE data_source_secret SET key_id = ?, sealed = ? WHERE id = ?",
          sealed.keyId(),
          sealed.text(),
          each.id());
    }
    return old.size();
  }
}
