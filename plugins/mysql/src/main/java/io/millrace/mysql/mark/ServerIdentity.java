package io.millrace.mysql.mark;

import io.millrace.mysql.connect.MySqlConnection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a server says of itself. None of it needs a privilege.
 *
 * @param uuid its own identifier; empty where it has none
 * @param serverId the number by which replication tells servers apart; often 1 everywhere
 * @param cluster the group of servers that hold the same data; empty when it belongs to none
 * @param readOnly true when it takes no writes of ordinary accounts, as a replica does
 * @param executed the servers whose transactions it has executed, as {@code gtid_executed} or
 *     {@code gtid_slave_pos} lists them; empty when it does not say
 */
record ServerIdentity(
    String uuid, String serverId, String cluster, boolean readOnly, String executed) {

  static ServerIdentity of(MySqlConnection connection) throws SQLException {
    Map<String, String> values = new TreeMap<>();
    read(
        connection,
        "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('server_uuid', 'server_id', 'read_only',"
            + " 'innodb_read_only', 'group_replication_group_name', 'gtid_executed', 'gtid_slave_pos')",
        values);
    read(connection, "SHOW GLOBAL STATUS LIKE 'wsrep_cluster_state_uuid'", values);
    String group = values.getOrDefault("group_replication_group_name", "");
    String galera = values.getOrDefault("wsrep_cluster_state_uuid", "");
    return new ServerIdentity(
        values.getOrDefault("server_uuid", ""),
        values.getOrDefault("server_id", ""),
        group.isEmpty() ? galera : group,
        !values.getOrDefault("read_only", "OFF").equalsIgnoreCase("OFF")
            || !values.getOrDefault("innodb_read_only", "OFF").equalsIgnoreCase("OFF"),
        values.getOrDefault(
            connection.server().version().mariaDb() ? "gtid_slave_pos" : "gtid_executed", ""));
  }

  private static void read(MySqlConnection connection, String sql, Map<String, String> into)
      throws SQLException {
    try (Statement statement = connection.statement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        String value = row.getString(2);
        into.put(row.getString(1).toLowerCase(Locale.ROOT), value == null ? "" : value.strip());
      }
    }
  }

  /** True when this server may hold what is written to the other one, which is not itself. */
  boolean mayFollow(ServerIdentity other, boolean mariaDb) {
    if (!uuid.isEmpty() && uuid.equals(other.uuid)) {
      return true;
    }
    if (!cluster.isEmpty() && cluster.equals(other.cluster)) {
      return true;
    }
    if (executed.isEmpty()) {
      return readOnly;
    }
    // MariaDB lists domain-server-sequence, MySQL uuid:transactions.
    return mariaDb
        ? ("," + executed).contains("-" + other.serverId + "-")
        : !other.uuid.isEmpty() && executed.contains(other.uuid);
  }
}
