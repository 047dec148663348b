package io.millrace.mysql.connect;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which server answers, by its own {@code SELECT VERSION()}. Connector/J cannot be asked: MariaDB's
 * handshake says 5.5.5, and the driver believes it.
 *
 * @param mariaDb true for MariaDB, false for MySQL and what calls itself MySQL
 * @param text what the server said
 */
public record ServerVersion(boolean mariaDb, int major, int minor, int patch, String text) {

  private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?");

  /** Understands the server's answer; unknown text counts as MySQL 0.0.0. */
  public static ServerVersion parse(String text) {
    boolean mariaDb = text.toLowerCase(java.util.Locale.ROOT).contains("mariadb");
    // Some proxies hand on the handshake's form 5.5.5-10.11.6-MariaDB.
    String own = mariaDb && text.startsWith("5.5.5-") ? text.substring(6) : text;
    Matcher matcher = NUMBERS.matcher(own);
    if (!matcher.lookingAt()) {
      return new ServerVersion(mariaDb, 0, 0, 0, text);
    }
    int patch = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
    return new ServerVersion(
        mariaDb,
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        patch,
        text);
  }

  /** True for MySQL of at least this version. */
  public boolean isMySqlFrom(int wantedMajor, int wantedMinor, int wantedPatch) {
    return !mariaDb && isFrom(wantedMajor, wantedMinor, wantedPatch);
  }

  /** True for MariaDB of at least this version. */
  public boolean isMariaDbFrom(int wantedMajor, int wantedMinor, int wantedPatch) {
    return mariaDb && isFrom(wantedMajor, wantedMinor, wantedPatch);
  }

  /** The product and the version in our own words, without the rest of what the server said. */
  public String product() {
    String name = mariaDb ? "MariaDB" : "MySQL";
    return major == 0
        ? name + " of an unknown version"
        : name + " %d.%d.%d".formatted(major, minor, patch);
  }

  private boolean isFrom(int wantedMajor, int wantedMinor, int wantedPatch) {
    if (major != wantedMajor) {
      return major > wantedMajor;
    }
    return minor != wantedMinor ? minor > wantedMinor : patch >= wantedPatch;
  }

  @Override
  public String toString() {
    return (mariaDb ? "MariaDB " : "MySQL ") + text;
  }
}
