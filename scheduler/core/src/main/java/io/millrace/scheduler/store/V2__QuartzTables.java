package io.millrace.scheduler.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Statement;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;

/** Makes Quartz's tables with the script that Quartz brings for this database. */
final class V2__QuartzTables extends BaseJavaMigration {

  private final Dialect dialect;

  V2__QuartzTables(Dialect dialect) {
    this.dialect = dialect;
  }

  @Override
  public void migrate(Context context) throws Exception {
    try (Statement statement = context.getConnection().createStatement()) {
      for (String sql : script().replaceAll("(?m)^\\s*(--|#).*$", "").split(";")) {
        String trimmed = sql.strip();
        // Flyway ends the transaction.
        if (!trimmed.isEmpty() && !trimmed.equalsIgnoreCase("commit")) {
          statement.execute(trimmed);
        }
      }
    }
  }

  private String script() throws IOException {
    try (InputStream in =
        V2__QuartzTables.class.getClassLoader().getResourceAsStream(dialect.quartzTables())) {
      if (in == null) {
        throw new IOException("Quartz brings no " + dialect.quartzTables());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
