package io.millrace.scheduler.datasource;

import io.millrace.api.ServerCertificates;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.scheduler.audit.Audit;
import io.millrace.scheduler.store.Database;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;

/**
 * The certificates of one data source for one attempt. What it has once compared holds for all of
 * the attempt, so that the store is asked once for each server. Safe for use by several threads.
 */
final class SourceCertificates implements ServerCertificates {

  private final Database database;
  private final CertificateTable table;
  private final Audit audit;
  private final long id;
  private final String name;
  private final Map<String, String> known = new ConcurrentHashMap<>();

  SourceCertificates(Database database, CertificateTable table, Audit audit, long id, String name) {
    this.database = database;
    this.table = table;
    this.audit = audit;
    this.id = id;
    this.name = name;
  }

  @Override
  public boolean areKept() {
    return true;
  }

  @Override
  public boolean isKept(String server) {
    return kept(server).isPresent();
  }

  @Override
  public void check(String server, X509Certificate shown) {
    String found = ServerCertificates.fingerprint(shown);
    kept(server).ifPresent(expected -> compare(server, found, expected));
  }

  @Override
  public void keep(String server, X509Certificate shown) {
    String found = ServerCertificates.fingerprint(shown);
    String kept = known.get(server);
    if (kept == null) {
      // Two runs may come here at once: the lock lets one of them be the first.
      kept =
          asked(
              () ->
                  database.inTransaction(
                      handle -> {
                        if (!DataSourceStore.lock(handle, id)) {
                          // It was deleted meanwhile.
                          return found;
                        }
                        Optional<String> before = CertificateTable.fingerprint(handle, id, server);
                        if (before.isEmpty()) {
                          table.put(handle, id, server, found);
                          audit.record(
                              handle,
                              "millrace",
                              "datasource.certificate",
                              DataSourceStore.subject(name),
                              "seen at the first login",
                              server + ": " + found);
                        }
                        return before.orElse(found);
                      }));
      known.put(server, kept);
    }
    compare(server, found, kept);
  }

  private Optional<String> kept(String server) {
    String remembered = known.get(server);
    if (remembered != null) {
      return Optional.of(remembered);
    }
    Optional<String> kept =
        asked(() -> database.with(handle -> CertificateTable.fingerprint(handle, id, server)));
    kept.ifPresent(fingerprint -> known.put(server, fingerprint));
    return kept;
  }

  private static <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (JdbiException e) {
      throw new MillraceException(
          StandardError.CONNECT,
          "the store does not answer, which knows the certificates that servers have to show",
          e);
    }
  }

  private void compare(String server, String found, String expected) {
    if (!found.equals(expected)) {
      throw new MillraceException(
          StandardError.ACCESS_DENIED,
          server
              + " shows another certificate than at the first login of data source '"
              + name
              + "': SHA-256 "
              + found
              + " instead of "
              + expected
              + ". No password was sent: somebody may answer in its place. If the server was given"
              + " a new one, accept it: millrace datasource accept-certificate '"
              + name
              + "' "
              + server
              + " "
              + found);
    }
  }
}
