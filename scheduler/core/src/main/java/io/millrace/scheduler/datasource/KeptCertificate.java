package io.millrace.scheduler.datasource;

import java.time.Instant;

/**
 * What a server of a data source has to show.
 *
 * @param server {@code host:port}
 * @param fingerprint the SHA-256 of its certificate as {@code openssl} prints it
 * @param since when it was first seen, or accepted
 */
public record KeptCertificate(String server, String fingerprint, Instant since) {}
