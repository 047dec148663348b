package io.millrace.server.security;

/** What somebody may do; each role includes the ones before it. */
public enum Role {
  /** Looks. */
  VIEWER,
  /** Runs, stops, reruns and backfills what others defined. */
  OPERATOR,
  /** Defines tasks and data sources. */
  DEVELOPER,
  /** Manages users and the server itself. */
  ADMIN;

  /** True when this role may do what {@code other} may. */
  public boolean includes(Role other) {
    return ordinal() >= other.ordinal();
  }

  /** The lesser of two roles. */
  public static Role lesser(Role one, Role other) {
    return one.includes(other) ? other : one;
  }
}
