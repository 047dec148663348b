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
  ADMIN,
  /** Another node of the same store, and nobody who has logged in. */
  NODE;

  /** The least role; empty where no login counts. */
  public Optional<Role> role() {
    return this == PUBLIC || this == NODE ? Optional.empty() : Optional.of(Role.valueOf(name()));
  }
}
