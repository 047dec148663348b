package io.millrace.scheduler.schedule;

/** When the instances of a newly published version are made. */
public enum Generation {
  /** In the night, for the next day. */
  T_PLUS_1,

  /** At once, for what is still to come today. */
  IMMEDIATE
}
