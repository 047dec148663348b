package io.millrace.engine.task;

import io.millrace.api.ServerCertificates;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The certificates of several data sources that one end of a task uses. A server must show what is
 * kept for it in any of them; what it shows first is kept in those whose options name its host.
 */
final class SharedCertificates implements ServerCertificates {

  private record Source(String options, ServerCertificates certificates) {

    boolean names(String server) {
      return options.contains(server.substring(0, server.lastIndexOf(':')));
    }
  }

  private final List<Source> sources = new ArrayList<>();

  /** Adds a data source; before the first use. */
  void add(Map<String, Object> options, ServerCertificates certificates) {
    sources.add(new Source(options.toString().toLowerCase(Locale.ROOT), certificates));
  }

  @Override
  public boolean areKept() {
    return sources.stream().anyMatch(each -> each.certificates.areKept());
  }

  @Override
  public boolean isKept(String server) {
    return sources.stream().anyMatch(each -> each.certificates.isKept(server));
  }

  @Override
  public void check(String server, X509Certificate shown) {
    sources.forEach(each -> each.certificates.check(server, shown));
  }

  @Override
  public void keep(String server, X509Certificate shown) {
    sources.stream()
        .filter(each -> each.names(server))
        .forEach(each -> each.certificates.keep(server, shown));
  }
}
