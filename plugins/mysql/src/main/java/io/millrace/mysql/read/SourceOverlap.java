package io.millrace.mysql.read;

import io.millrace.api.StageContext;
import io.millrace.api.read.Overlap;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.mark.WriteMark;
import io.millrace.mysql.type.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether what is read is what the task's writer writes.
 *
 * <p>They may be the same in two cases, in which no split can see what another one wrote: when the
 * writer publishes everything in the end, after all was read; and when the task reads by one
 * statement in all, whose rows become visible with the commit of its only split.
 */
final class SourceOverlap {

  private final Targets targets;
  private final WriteMark mark;

  SourceOverlap(Targets targets, WriteMark mark) {
    this.targets = targets;
    this.mark = mark;
  }

  /** How sure it is that one of the tables is the target. */
  private enum Found {
    NO,
    PERHAPS,
    YES
  }

  /**
   * Looks from one of the task's databases.
   *
   * @param source its index
   */
  Overlap from(int source, MySqlConnection connection, StageContext context) throws SQLException {
    WriteMark.Place place = mark.seenFrom(connection);
    if (place == WriteMark.Place.OTHER) {
      return Overlap.NONE;
    }
    Found found = Found.NO;
    Set<TableName> written = written(connection);
    Names names = Names.of(connection);
    for (Thing thing : things(source)) {
      Found here = found(thing, connection, written, names);
      found = here.compareTo(found) > 0 ? here : found;
    }
    if (found == Found.NO) {
      return Overlap.NONE;
    }
    String what = "the task reads " + mark.table() + ", the table that it writes to";
    if (cannotSee()) {
      context.log().info(what + "; what it writes becomes visible only when all was read");
      return Overlap.NONE;
    }
    if (place == WriteMark.Place.SAME && found == Found.YES) {
      return new Overlap(
          Overlap.Kind.CERTAIN,
          what
              + ", so splits would read what others wrote; write to another table, or use publish:"
              + " swap or append, which show nothing before all was read");
    }
    return new Overlap(
        Overlap.Kind.POSSIBLE,
        place == WriteMark.Place.SAME
            ? "the task may read "
                + mark.table()
                + ", the table that it writes to: the server does not tell for certain which tables"
                + " are read; if it does, splits may read what others wrote"
            : what
                + ", or one of the same name: the source's server may be a replica of the target's"
                + " or of its cluster; if it is, splits may read what others wrote");
  }

  private boolean cannotSee() {
    boolean oneStatement =
        targets.queries().size() == 1
            || (targets.tables().size() == 1
                && (targets.tables().get(0).table().view()
                    || !targets.tables().get(0).undivided().isEmpty()));
    return switch (mark.visible()) {
      case IN_THE_END -> true;
      case WITH_EACH_SPLIT -> oneStatement;
      case AT_ONCE -> false;
    };
  }

  /**
   * Something that is read.
   *
   * @param table its name where it is a table that nothing else is read with, else null
   * @param sql the statement
   */
  private record Thing(@Nullable TableName table, String sql) {}

  private List<Thing> things(int source) {
    List<Thing> things = new ArrayList<>();
    for (TableTarget table : targets.tables()) {
      if (table.source() == source) {
        // Only what reads more than its row may reach another table.
        boolean plain = !table.table().view() && table.undivided().isEmpty();
        things.add(new Thing(plain ? table.table().name() : null, table.sql()));
      }
    }
    for (QueryTarget query : targets.queries()) {
      if (query.source() == source) {
        things.add(new Thing(null, query.sql()));
      }
    }
    return things;
  }

  private static Found found(
      Thing thing, MySqlConnection connection, Set<TableName> written, Names names)
      throws SQLException {
    if (thing.table != null) {
      return names.contains(written, thing.table) ? Found.YES : Found.NO;
    }
    Optional<Set<TableName>> read = TableUse.of(connection, thing.sql);
    Set<TableName> all = new HashSet<>(TableUse.named(thing.sql, names.database));
    read.ifPresent(all::addAll);
    if (all.stream().anyMatch(table -> names.contains(written, table))) {
      return Found.YES;
    }
    boolean mentioned = written.stream().anyMatch(table -> TableUse.mentions(thing.sql, table));
    return read.isEmpty() || mentioned ? Found.PERHAPS : Found.NO;
  }

  /** The target, and the tables that it stands for where it is a view. */
  private Set<TableName> written(MySqlConnection connection) throws SQLException {
    Set<TableName> written = new HashSet<>(Set.of(mark.table()));
    TableUse.of(connection, "SELECT * FROM " + mark.table().quoted()).ifPresent(written::addAll);
    return written;
  }

  /**
   * What a name means.
   *
   * @param ignoreCase true where the server's table names have no case
   * @param database what a bare name belongs to
   */
  private record Names(boolean ignoreCase, String database) {

    static Names of(MySqlConnection connection) throws SQLException {
      try (Statement statement = connection.statement();
          ResultSet row = statement.executeQuery("SELECT @@lower_case_table_names, DATABASE()")) {
        row.next();
        String database = row.getString(2);
        return new Names(row.getInt(1) != 0, database == null ? "" : database);
      }
    }

    boolean contains(Set<TableName> tables, TableName wanted) {
      return ignoreCase
          ? tables.stream()
              .anyMatch(
                  table ->
                      table.database().equalsIgnoreCase(wanted.database())
                          && table.name().equalsIgnoreCase(wanted.name()))
          : tables.contains(wanted);
    }
  }
}
