package io.millrace.server.route;

import io.millrace.server.security.Role;
import java.util.Optional;

/** Who may use a route. There is no default: each route says it. */
public enum Access {
  /** Everybody, without login. */
  PUBLIC,
  /** {@link Role#VIEWER} and above. */
  VIEWER,
  /** {@link Role#OPERATOR} and above. */
  OPERATOR,
  /** {@link Role#DEVELOPER} and above. */
  DEVELOPER,
  /** {@link Role#ADMIN}. */
  ADMIN;

  /** The least role; empty for a public route. */
  public Optional<Role> role() {
    return this == PUBLIC ? Optional.empty() : Optional.of(Role.valueOf(name()));
  }
}
