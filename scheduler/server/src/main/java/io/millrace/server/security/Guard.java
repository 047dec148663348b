package io.millrace.server.security;

import io.javalin.http.Context;
import io.millrace.server.node.NodeCalls;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.problem.ProblemKind;
import io.millrace.server.route.Access;
import io.millrace.server.route.Route;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Decides whether a request may go on to its route. Thread-safe. */
public final class Guard {

  /** The header in which a browser's session proves that a change was meant. */
  public static final String CSRF_HEADER = "X-CSRF-Token";

  /** No account: a node proves each call, and ends it when its own client may not have it. */
  private static final long NODE = 0;

  private static final String BEARER = "bearer ";
  private static final int LONGEST = 200;

  private final Sessions sessions;
  private final Tokens tokens;
  private final SessionCookie cookie;
  private final boolean behindProxy;
  private final @Nullable NodeCalls nodes;

  Guard(
      Sessions sessions,
      Tokens tokens,
      SessionCookie cookie,
      boolean behindProxy,
      @Nullable NodeCalls nodes) {
    this.sessions = sessions;
    this.tokens = tokens;
    this.cookie = cookie;
    this.behindProxy = behindProxy;
    this.nodes = nodes;
  }

  /**
   * Lets a request through or not.
   *
   * @return who sent it; null on a public route, where nobody is asked
   * @throws ProblemException 401 without a login, 403 when the role is too low, the password is due
   *     or a session does not prove that a change was meant
   */
  public @Nullable Identity admit(Route route, Context context) {
    if (route.method().changes()) {
      requireOwnOrigin(context);
    }
    if (route.access() == Access.NODE) {
      return ofNode(context);
    }
    Optional<Role> least = route.access().role();
    if (least.isEmpty()) {
      return null;
    }
    Identity identity = identify(context, true);
    if (route.method().changes()) {
      requireProof(identity, context);
    }
    if (identity.mustChangePassword() && !route.contract().whilePasswordIsDue()) {
      throw new ProblemException(
          ProblemKind.PASSWORD_DUE, "set a password of your own: PUT /api/v1/password");
    }
    if (!identity.role().includes(least.get())) {
      throw new ProblemException(
          ProblemKind.FORBIDDEN, "this needs the role " + lower(least.get()));
    }
    return identity;
  }

  private Identity ofNode(Context context) {
    if (nodes == null) {
      throw notLoggedIn();
    }
    String query = context.queryString();
    String target = context.req().getRequestURI() + (query == null ? "" : "?" + query);
    String user = nodes.admit(context.method().name(), target, context.header(NodeCalls.HEADER));
    return new Identity(NODE, user, Role.VIEWER, false, false);
  }

  /**
   * Whether who sent a request is still who it was, with the same role, for an answer that takes
   * long: false once the session or token has ended, on whichever node. Asking is no use of the
   * session: an open answer does not keep it from ending.
   *
   * @param identity what {@link #admit} gave for the request
   */
  public BooleanSupplier right(@Nullable Identity identity, Context context) {
    if (identity == null || identity.account() == NODE) {
      return () -> true;
    }
    return () -> {
      try {
        return identify(context, false).equals(identity);
      } catch (ProblemException e) {
        return false;
      }
    };
  }

  private Identity identify(Context context, boolean used) {
    String authorization = context.header("Authorization");
    if (authorization != null) {
      return bearer(authorization, used);
    }
    String token = context.cookie(cookie.name());
    if (token == null || token.length() > LONGEST) {
      throw notLoggedIn();
    }
    Account account = sessions.find(token, used).orElseThrow(Guard::notLoggedIn);
    return new Identity(account.id(), account.name(), account.role(), true, account.mustChange());
  }

  private void requireProof(Identity identity, Context context) {
    if (identity.session()) {
      String token = String.valueOf(context.cookie(cookie.name()));
      String proof = context.header(CSRF_HEADER);
      if (proof == null || !Secret.same(proof, Secret.csrf(token))) {
        throw new ProblemException(
            ProblemKind.CSRF, "send the session's csrfToken in the header " + CSRF_HEADER);
      }
    }
  }

  private Identity bearer(String authorization, boolean used) {
    if (!authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
        || authorization.length() > LONGEST) {
      throw notLoggedIn();
    }
    Tokens.Bearer bearer =
        tokens
            .find(authorization.substring(BEARER.length()).strip(), used)
            .orElseThrow(Guard::notLoggedIn);
    Account account = bearer.account();
    return new Identity(account.id(), account.name(), bearer.role(), false, account.mustChange());
  }

  /** Browsers say where a change comes from; also at the login, which has no session yet. */
  private static void requireOwnOrigin(Context context) {
    String origin = context.header("Origin");
    if (origin != null && !sameHost(origin, context.header("Host"))) {
      throw new ProblemException(ProblemKind.CSRF, "the request comes from another site");
    }
  }

  private static boolean sameHost(String origin, @Nullable String host) {
    try {
      return URI.create(origin).getRawAuthority() != null
          && URI.create(origin).getRawAuthority().equalsIgnoreCase(host);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The client's address: the last one that the proxy added, where there is one. */
  public String address(Context context) {
    return ClientAddress.of(context, behindProxy);
  }

  /** Whom the client's address belongs to, for counting. */
  public String network(Context context) {
    return ClientAddress.network(address(context));
  }

  private static ProblemException notLoggedIn() {
    return new ProblemException(
        ProblemKind.NOT_LOGGED_IN, "log in, or send an API token as Authorization: Bearer");
  }

  private static String lower(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
