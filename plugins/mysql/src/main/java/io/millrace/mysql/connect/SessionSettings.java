package io.millrace.mysql.connect;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a connection is set up.
 *
 * @param zone the zone in which the user's own SQL is evaluated
 * @param zoneMatters false when there is no such SQL, so that nobody minds a zone that the server
 *     does not know
 * @param own statements of Millrace itself, run first
 * @param statements the user's own session statements, run after them
 * @param socketTimeoutMillis milliseconds without an answer after which the connection is given up;
 *     0 for none
 * @param driver further properties of Connector/J, such as {@code allowLoadLocalInfileInPath}
 */
public record SessionSettings(
    ZoneId zone,
    boolean zoneMatters,
    List<Own> own,
    List<String> statements,
    int socketTimeoutMillis,
    Map<String, String> driver) {

  /** A statement of Millrace itself, and what it is for. */
  public record Own(SessionSetting setting, String statement) {}

  public SessionSettings {
    own = List.copyOf(own);
    statements = List.copyOf(statements);
    driver = Map.copyOf(driver);
  }

  /** Settings without statements of our own or driver properties. */
  public static SessionSettings of(ZoneId zone, List<String> statements, long socketTimeoutMillis) {
    int timeout = (int) Math.min(Integer.MAX_VALUE, socketTimeoutMillis);
    return new SessionSettings(zone, true, List.of(), statements, timeout, Map.of());
  }

  /** The same for a task that has no SQL of its own. */
  public SessionSettings withoutOwnSql() {
    return new SessionSettings(zone, false, own, statements, socketTimeoutMillis, driver);
  }

  /** The same with one more statement of our own. */
  public SessionSettings withOwn(SessionSetting setting, String statement) {
    List<Own> more = new ArrayList<>(own);
    more.add(new Own(setting, statement));
    return new SessionSettings(zone, zoneMatters, more, statements, socketTimeoutMillis, driver);
  }

  /** The same with one more property of the driver. */
  public SessionSettings withDriver(String key, String value) {
    Map<String, String> more = new TreeMap<>(driver);
    more.put(key, value);
    return new SessionSettings(zone, zoneMatters, own, statements, socketTimeoutMillis, more);
  }
}
