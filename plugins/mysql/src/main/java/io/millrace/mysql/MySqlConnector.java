package io.millrace.mysql;

import io.millrace.api.ConnectionTest;
import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.write.WriterFactory;
import io.millrace.mysql.connect.MySqlConnectionTest;
import io.millrace.mysql.read.MySqlReaderFactory;
import io.millrace.mysql.write.MySqlWriterFactory;
import java.util.List;
import java.util.Optional;

/** Reads from and writes to MySQL 5.7 to 9 and MariaDB from 10.5. */
public final class MySqlConnector implements Connector {

  @Override
  public ConnectorInfo info() {
    return new ConnectorInfo(
        "mysql",
        List.of(
            "mysqlreader", "mysqlwriter", "mariadb", "mariadbreader", "mariadbwriter", "rds-mysql"),
        "MySQL 5.7 to 9 and MariaDB from 10.5: tables, views and statements, exactly once.");
  }

  @Override
  public Optional<ReaderFactory> reader() {
    return Optional.of(new MySqlReaderFactory());
  }

  @Override
  public Optional<WriterFactory> writer() {
    return Optional.of(new MySqlWriterFactory());
  }

  @Override
  public Optional<ConnectionTest> connectionTest() {
    return Optional.of(new MySqlConnectionTest());
  }
}
