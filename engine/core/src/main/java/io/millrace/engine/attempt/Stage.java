package io.millrace.engine.attempt;

/** The four stages of an attempt, in order. */
public enum Stage {
  PRE_PREPARATION,
  SPLIT,
  SYNCHRONIZE,
  POST_PREPARATION
}
