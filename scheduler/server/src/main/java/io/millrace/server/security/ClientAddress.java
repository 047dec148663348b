package io.millrace.server.security;

import io.javalin.http.Context;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/** Where a request comes from. Stateless. */
final class ClientAddress {

  private static final int LONGEST = 64;

  private ClientAddress() {}

  /**
   * The client's address.
   *
   * @param behindProxy true when a proxy in front has added it to {@code X-Forwarded-For}: then it
   *     is the last one of the last such header. What stands before it the client may have written
   */
  static String of(Context context, boolean behindProxy) {
    List<String> forwarded =
        behindProxy
            ? Collections.list(context.req().getHeaders("X-Forwarded-For"))
            : Collections.emptyList();
    if (forwarded.isEmpty()) {
      return context.req().getRemoteAddr();
    }
    String line = forwarded.get(forwarded.size() - 1);
    String last = line.substring(line.lastIndexOf(',') + 1).strip();
    return last.length() > LONGEST ? last.substring(0, LONGEST) : last;
  }

  /**
   * Whom an address belongs to, for counting: of IPv6 the first 64 bits, of which one customer has
   * all that follow; without a port.
   */
  static String network(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    if (address.indexOf(':') == address.lastIndexOf(':')) {
      return address.substring(0, address.indexOf(':'));
    }
    String literal = address.replaceFirst("^\\[([^]]*)].*", "$1").replaceFirst("%.*", "");
    try {
      // With colons in it, it is never looked up as a name.
      InetAddress parsed = InetAddress.getByName(literal);
      return parsed instanceof Inet6Address
          ? HexFormat.of().formatHex(parsed.getAddress(), 0, 8)
          : parsed.getHostAddress();
    } catch (UnknownHostException e) {
      return literal;
    }
  }
}
