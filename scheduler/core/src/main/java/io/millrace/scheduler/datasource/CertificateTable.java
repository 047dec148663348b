package io.millrace.scheduler.datasource;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The certificates that servers of data sources have to show. Every call works within the given
 * handle's transaction; who writes holds the lock of the data source's row.
 */
final class CertificateTable {

  private static final int LONGEST_SERVER = 300;
  private static final String HEX = "[0-9A-Fa-f]{2}";

  private final Clock clock;

  CertificateTable(Clock clock) {
    this.clock = clock;
  }

  /** Those of a data source, by server. */
  static List<KeptCertificate> of(Handle handle, long id) {
    return handle
        .createQuery(
            "SELECT server, fingerprint, seen_at FROM data_source_certificate"
                + " WHERE data_source_id = :id ORDER BY server")
        .bind("id", id)
        .reduceRows(
            new ArrayList<>(),
            (all, row) -> {
              all.add(
                  new KeptCertificate(
                      row.getColumn("server", String.class),
                      row.getColumn("fingerprint", String.class),
                      Instant.ofEpochMilli(row.getColumn("seen_at", Long.class))));
              return all;
            });
  }

  /** The fingerprint that a server has to show. */
  static Optional<String> fingerprint(Handle handle, long id, String server) {
    return of(handle, id).stream()
        .filter(each -> each.server().equals(server))
        .map(KeptCertificate::fingerprint)
        .findFirst();
  }

  /** Writes what a server has to show from now on. */
  void put(Handle handle, long id, String server, String fingerprint) {
    handle.execute(
        "DELETE FROM data_source_certificate WHERE data_source_id = ? AND server = ?", id, server);
    handle.execute(
        "INSERT INTO data_source_certificate (data_source_id, server, fingerprint, seen_at)"
            + " VALUES (?, ?, ?, ?)",
        id,
        server,
        fingerprint,
        clock.millis());
  }

  /** Forgets those of a data source, which leads elsewhere from now on or is no more. */
  static void forget(Handle handle, long id) {
    handle.execute("DELETE FROM data_source_certificate WHERE data_source_id = ?", id);
  }

  /**
   * A server as somebody names it.
   *
   * @throws MillraceException when it is none
   */
  static String server(String given) {
    String plain = given.strip().toLowerCase(Locale.ROOT);
    if (plain.length() > LONGEST_SERVER || !plain.matches("[^\\s\\p{Cntrl}]+:\\d{1,5}")) {
      throw wrong("server must be host:port, as the error names it");
    }
    return plain;
  }

  /**
   * A fingerprint as somebody gives it.
   *
   * @throws MillraceException when it is none
   */
  static String fingerprint(String given) {
    String plain = given.strip();
    if (!plain.matches(HEX + "(:" + HEX + "){31}")) {
      throw wrong(
          "fingerprint must be a SHA-256 as `openssl x509 -fingerprint -sha256` prints it: 32 pairs"
              + " of hexadecimal digits with colons");
    }
    return plain.toUpperCase(Locale.ROOT);
  }

  private static MillraceException wrong(String message) {
    return new MillraceException(StandardError.CONFIGURATION, message);
  }
}
