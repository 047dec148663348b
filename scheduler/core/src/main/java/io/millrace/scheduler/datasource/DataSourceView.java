package io.millrace.scheduler.datasource;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A data source as anybody may see it.
 *
 * @param options with {@code ***} in place of every secret
 * @param revision to be given when changing it
 * @param certificates what its servers have to show, where no authority is asked
 */
public record DataSourceView(
    String name,
    String type,
    Map<String, Object> options,
    String description,
    String owner,
    int revision,
    Instant changedAt,
    List<KeptCertificate> certificates) {

  public DataSourceView {
    certificates = List.copyOf(certificates);
  }
}
