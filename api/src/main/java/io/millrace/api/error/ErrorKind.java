package io.millrace.api.error;

/** Whose fault an error is, which decides whether another try makes sense. */
public enum ErrorKind {
  /** The task or its data: the user has to change something. Never retried. */
  USER,
  /** A system at the other end: unreachable, overloaded, deadlocked. A split is retried. */
  EXTERNAL,
  /** This machine: memory, disk, permissions. Never retried within the attempt. */
  RESOURCE,
  /** Millrace or a connector broke its own promise. Never retried. */
  INTERNAL
}
