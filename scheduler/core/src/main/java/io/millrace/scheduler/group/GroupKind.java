package io.millrace.scheduler.group;

/** What carries a group's attempts. */
public enum GroupKind {
  /** This server. */
  DEFAULT,

  /** Processes of their own. */
  EXCLUSIVE,

  /** A cluster. */
  SERVERLESS,

  /** Like {@link #DEFAULT}, with a name and slots of its own. */
  CUSTOM;

  /** What the run log calls a pipeline in a group of this kind. */
  public String pipeline(long id, String name) {
    return switch (this) {
      case DEFAULT -> "basecommon_group_" + id;
      case EXCLUSIVE -> "basecommon_S_res_group_" + id;
      case SERVERLESS -> "basecommon_Serverless_res_group_" + id;
      case CUSTOM -> "basecommon_" + name;
    };
  }
}
