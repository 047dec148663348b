package io.millrace.scheduler.datasource;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What somebody gives to create or change a data source. May hold secrets: never print it.
 *
 * @param type the connector's name, such as {@code mysql}
 * @param options of the JDK's own types; {@code ***} in place of a secret keeps the one that is
 *     there
 */
public record NewDataSource(
    String name, String type, Map<String, Object> options, String description, String owner) {

  public NewDataSource {
    options = new LinkedHashMap<>(options);
  }

  @Override
  public String toString() {
    return name;
  }
}
