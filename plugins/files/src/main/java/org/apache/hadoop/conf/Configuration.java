package org.apache.hadoop.conf;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings by name. No file, no class path and no system property is looked at. */
public class Configuration {

  private final Map<String, String> values = new HashMap<>();

  public Configuration() {}

  public Configuration(Configuration other) {
    values.putAll(other.values);
  }

  public @Nullable String get(String name) {
    return values.get(name);
  }

  public String get(String name, String fallback) {
    String value = get(name);
    return value == null ? fallback : value;
  }

  public void set(String name, String value) {
    values.put(name, value);
  }

  public void setInt(String name, int value) {
    set(name, Integer.toString(value));
  }

  public void setLong(String name, long value) {
    set(name, Long.toString(value));
  }

  public void setBoolean(String name, boolean value) {
    set(name, Boolean.toString(value));
  }

  public void setDouble(String name, double value) {
    set(name, Double.toString(value));
  }

  public boolean getBoolean(String name, boolean fallback) {
    String value = get(name);
    return value == null ? fallback : Boolean.parseBoolean(value);
  }
}
