package io.millrace.hubs;

import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.Texts;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.zone.ZoneOffsetTransition;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a clock shows in a zone, and the moments that stand for it. Stateless. */
public final class WallClock {

  private WallClock() {}

  /**
   * The moment of a window's bound: where clocks are put forward over it, that of the change; where
   * it comes twice, the earlier one.
   */
  public static Instant bound(LocalDateTime wall, ZoneId zone) {
    ZoneOffsetTransition change = zone.getRules().getTransition(wall);
    return change != null && change.isGap() ? change.getInstant() : wall.atZone(zone).toInstant();
  }

  /**
   * The value's text: its canonical one, but a TIMESTAMP as clocks show it in a zone.
   *
   * @param zone null for the canonical text, which is in UTC and says so
   */
  public static String text(Column column, int row, @Nullable ZoneId zone) {
    String canonical = String.valueOf(Texts.text(column, row));
    if (zone == null || column.field().type() != ColumnType.TIMESTAMP) {
      return canonical;
    }
    String utc = canonical.substring(0, canonical.length() - 1);
    long micros = ((LongColumn) column).get(row);
    if (micros == Calendars.ZERO_TIMESTAMP) {
      return utc;
    }
    String seconds = Texts.timestamp(micros - Math.floorMod(micros, 1_000_000L), zone);
    // A fraction is the same in every zone; the source's scale says how many zeros it has.
    int point = utc.indexOf('.');
    return point < 0 ? seconds : seconds + utc.substring(point);
  }

  /**
   * A formatter of this pattern that takes only what a calendar and a clock have.
   *
   * @throws IllegalArgumentException when it is no pattern
   */
  public static DateTimeFormatter strict(String pattern) {
    StringBuilder strict = new StringBuilder(pattern.length());
    boolean quoted = false;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      quoted ^= c == '\'';
      // The year of an era is no year without one, if it is taken strictly.
      strict.append(c == 'y' && !quoted && pattern.indexOf('G') < 0 ? 'u' : c);
    }
    return DateTimeFormatter.ofPattern(strict.toString(), Locale.ROOT)
        .withResolverStyle(ResolverStyle.STRICT);
  }
}
