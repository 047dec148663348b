package io.millrace.mysql.read;

import io.millrace.mysql.read.SqlText.Kind;
import io.millrace.mysql.read.SqlText.Token;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether an expression has one value for a row, whatever other rows the statement reads and
 * how often it runs. Only then may a table be cut into several statements: a count, a rank, a
 * subquery, a variable or a random number would be another one in each of them.
 *
 * <p>What is not known to depend on its row alone is taken to depend on more. The time is no such
 * thing: all statements of a task have the same, see {@link ReadSplit#timestamp}.
 */
final class RowExpressions {

  /** Functions of their arguments, and of what is the same on every connection of a task. */
  private static final Set<String> FUNCTIONS =
      words(
          // Numbers.
          "abs acos asin atan atan2 bit_count ceil ceiling conv cos cot crc32 crc32c degrees exp",
          "floor format ln log log10 log2 mod pi pow power radians round sign sin sqrt tan truncate",
          // Strings.
          "ascii bin bit_length char char_length character_length chr compress concat concat_ws elt",
          "export_set field find_in_set from_base64 hex insert instr lcase left length lengthb",
          "locate lower lpad ltrim make_set mid natural_sort_key oct octet_length ord position quote",
          "regexp_instr regexp_like regexp_replace regexp_substr repeat replace reverse right rpad",
          "rtrim sformat soundex space strcmp substr substring substring_index to_base64 to_char",
          "trim ucase uncompress uncompressed_length unhex upper weight_string",
          // Choices and conversions.
          "binary case cast coalesce convert greatest if ifnull interval isnull least nullif nvl nvl2",
          "decode decode_oracle default charset coercibility collation row",
          // Dates, and the time that all statements of a task share.
          "add_months adddate addtime convert_tz curdate current_date current_time current_timestamp",
          "curtime date date_add date_format date_sub datediff day dayname dayofmonth dayofweek",
          "dayofyear extract from_days from_unixtime get_format hour last_day localtime",
          "localtimestamp makedate maketime microsecond minute month monthname now period_add",
          "period_diff quarter sec_to_time second str_to_date subdate subtime time time_format",
          "time_to_sec timediff timestamp timestampadd timestampdiff to_days to_seconds",
          "unix_timestamp utc_date utc_time utc_timestamp week weekday weekofyear year yearweek",
          // Digests and keys.
          "aes_decrypt aes_encrypt md5 sha sha1 sha2",
          // JSON.
          "json_array json_array_append json_array_insert json_compact json_contains",
          "json_contains_path json_depth json_detailed json_equals json_exists json_extract",
          "json_insert json_keys json_length json_loose json_merge json_merge_patch",
          "json_merge_preserve json_normalize json_object json_overlaps json_pretty json_query",
          "json_quote json_remove json_replace json_search json_set json_storage_size json_type",
          "json_unquote json_valid json_value of",
          // Network addresses and identifiers.
          "bin_to_uuid inet6_aton inet6_ntoa inet_aton inet_ntoa is_ipv4 is_ipv4_compat",
          "is_ipv4_mapped is_ipv6 is_uuid uuid_to_bin",
          // Shapes.
          "point st_area st_asbinary st_asgeojson st_astext st_aswkb st_aswkt st_geomfromtext",
          "st_geomfromwkb st_geometryfromtext st_geometrytype st_isvalid st_latitude st_length",
          "st_longitude st_srid st_swapxy st_transform st_x st_y st_contains st_distance",
          "st_distance_sphere st_equals st_intersects st_within",
          // The same on every connection.
          "current_user database schema session_user system_user user version");

  /** Words between operands, before a parenthesis, and within a function's parentheses. */
  private static final Set<String> WORDS =
      words(
          "and between both case collate div else end escape false from in interval is leading like",
          "member mod not null of or regexp rlike sounds then trailing true unknown using when xor",
          "as array at binary char character charset date datetime decimal double fixed float int",
          "integer json nchar numeric precision real set signed time timestamp unsigned varchar year",
          "zone current_date current_time current_timestamp current_user localtime localtimestamp",
          "utc_date utc_time utc_timestamp microsecond second minute hour day week month quarter",
          "second_microsecond minute_microsecond minute_second hour_microsecond hour_second",
          "hour_minute day_microsecond day_second day_minute day_hour year_month sql_tsi_second",
          "sql_tsi_minute sql_tsi_hour sql_tsi_day sql_tsi_week sql_tsi_month sql_tsi_quarter",
          "sql_tsi_year");

  /** Words that stand for the session's time, some of them without parentheses. */
  private static final Set<String> CLOCKS =
      words(
          "now curdate curtime current_date current_time current_timestamp localtime localtimestamp",
          "unix_timestamp utc_date utc_time utc_timestamp");

  /** Words that may stand before a parenthesis without being a function's name. */
  private static final Set<String> OPERATORS =
      words(
          "and between case collate div else escape from in interval is like mod not of or regexp",
          "rlike then using when xor as binary char decimal time datetime timestamp nchar double",
          "float real precision fixed numeric varchar");

  /** Words behind which a name of a character set or a collation stands. */
  private static final Set<String> BEFORE_CHARSETS = Set.of("using", "collate", "set", "charset");

  private static final Set<String> BEFORE_STRINGS = Set.of("x", "b", "n", "d", "t", "ts");

  private RowExpressions() {}

  /** True when the SQL may ask for the time. */
  static boolean readsClock(String sql) {
    return SqlText.tokens(sql, true).stream()
        .anyMatch(token -> CLOCKS.contains(token.text().toLowerCase(Locale.ROOT)));
  }

  private static Set<String> words(String... lines) {
    return Set.of(String.join(" ", lines).split(" "));
  }

  /**
   * What makes an expression depend on more than its row.
   *
   * @param backslashes false where the session's sql_mode holds NO_BACKSLASH_ESCAPES
   * @param columns true for the name of one of the table's columns, whatever its case
   * @return empty when nothing does; else words such as {@code count()}
   */
  static String dependence(String sql, boolean backslashes, Predicate<String> columns) {
    List<Token> tokens = SqlText.tokens(sql, backslashes);
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      boolean called = i + 1 < tokens.size() && tokens.get(i + 1).is('(');
      boolean qualified = i > 0 && tokens.get(i - 1).is('.');
      boolean qualifies = i + 1 < tokens.size() && tokens.get(i + 1).is('.');
      String found =
          switch (token.kind()) {
            case CODE -> "a comment that is run";
            case MARK -> token.is('@') ? "a variable" : "";
            case NAME, STRING -> called ? token.text() + "()" : "";
            case WORD -> {
              if (called && qualified) {
                yield token.text() + "()";
              }
              if (qualifies || isNumber(token.text())) {
                yield "";
              }
              Token next = i + 1 < tokens.size() ? tokens.get(i + 1) : null;
              Token before = i > 0 ? tokens.get(i - 1) : null;
              yield word(token.text(), called, before, next, columns);
            }
          };
      if (!found.isEmpty()) {
        return found;
      }
    }
    return "";
  }

  private static String word(
      String text,
      boolean called,
      @Nullable Token before,
      @Nullable Token next,
      Predicate<String> columns) {
    String word = text.toLowerCase(Locale.ROOT);
    if (word.equals("select")) {
      return "a subquery";
    }
    if (called) {
      return FUNCTIONS.contains(word) || OPERATORS.contains(word) ? "" : word + "()";
    }
    if (WORDS.contains(word) || columns.test(text)) {
      return "";
    }
    boolean prefixes =
        next != null
            && next.kind() == Kind.STRING
            && (word.startsWith("_") || BEFORE_STRINGS.contains(word));
    boolean charset =
        before != null
            && before.kind() == Kind.WORD
            && BEFORE_CHARSETS.contains(before.text().toLowerCase(Locale.ROOT));
    if (prefixes || charset) {
      return "";
    }
    return "the word " + word;
  }

  /** Digits, perhaps with an exponent or in another base. */
  private static boolean isNumber(String word) {
    if (!Character.isDigit(word.charAt(0))) {
      return false;
    }
    String lower = word.toLowerCase(Locale.ROOT);
    int start = lower.startsWith("0x") || lower.startsWith("0b") ? 2 : 0;
    boolean exponent = false;
    for (int i = start; i < lower.length(); i++) {
      char c = lower.charAt(i);
      boolean digit = start == 2 ? Character.digit(c, 16) >= 0 : c >= '0' && c <= '9';
      if (!digit && (start == 2 || c != 'e' || exponent)) {
        return false;
      }
      exponent |= !digit;
    }
    return true;
  }
}
