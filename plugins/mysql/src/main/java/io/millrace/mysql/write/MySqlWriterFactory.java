package io.millrace.mysql.write;

import io.millrace.api.TaskContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.write.Writer;
import io.millrace.api.write.WriterFactory;
import io.millrace.mysql.connect.MySqlUrl;
import java.util.List;

/** Makes writers for MySQL and MariaDB. */
public final class MySqlWriterFactory implements WriterFactory {

  private static final int DEFAULT_PORT = 3306;

  @Override
  public List<ConfigOption<?>> options() {
    return WriteOptions.declared();
  }

  @Override
  public Writer create(Options options, TaskContext context) {
    return new MySqlWriter(
        WriteOptions.from(
            options,
            (host, port, database) -> MySqlUrl.of(host, port.orElse(DEFAULT_PORT), database)),
        context);
  }
}
