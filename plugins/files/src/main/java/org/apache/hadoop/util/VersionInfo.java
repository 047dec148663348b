package org.apache.hadoop.util;

/** What ORC asks to find out what it may use. */
public class VersionInfo {

  /** One that is new enough for ORC, and too old for reads of several ranges at once. */
  public static String getVersion() {
    return "3.1.0";
  }
}
