package io.millrace.engine.task;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.option.ConfigOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What of a task's text everybody may see who may see the task: its structure, the numbers, choices
 * and switches that connectors declare, and the names of tables, columns, files and topics. All
 * else, such as a condition or a statement, may hold data. Stateless.
 */
public final class OpenValues {

  /** Keys of names, in lower case, wherever they stand in a connector's options. */
  private static final Set<String> NAMES =
      Set.of(
          "name",
          "type",
          "index",
          "column",
          "columns",
          "table",
          "tables",
          "schema",
          "database",
          "selecteddatabase",
          "datasource",
          "connection",
          "connections",
          "splitpk",
          "topic",
          "topics",
          "project",
          "logstore",
          "bucket",
          "object",
          "path",
          "filename",
          "jdbcurl",
          "host",
          "server",
          "servers",
          "endpoint",
          "bootstrapservers",
          "region",
          "username",
          "encoding",
          "charset",
          "format",
          "filetype",
          "fileformat",
          "compress",
          "compression");

  /** Keys of the words around the options. */
  private static final Set<String> WORDS =
      Set.of(
          "name",
          "type",
          "steptype",
          "category",
          "version",
          "from",
          "to",
          "zone",
          "timezone",
          "rate",
          "bytes",
          "records",
          "share",
          "dirty",
          "retries",
          "retrydelay",
          "stalltimeout",
          "batchbytes",
          "maxvaluebytes",
          "channels",
          "narrowing");

  private static final Pattern COLUMN = Pattern.compile("\\*|`?[\\p{L}_][\\p{L}\\p{N}_$.-]*`?");

  /** No quotes, blanks, parentheses or comparisons; nothing behind the question mark of a URL. */
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_.{}\\[\\]*,/:@#%$+-]{1,1000}");

  private static final Pattern SETTING = Pattern.compile("(job\\.)?(setting|core|common)(\\..*)?");

  private OpenValues() {}

  /**
   * A task's text as JSON, with {@value Sensitive#HIDDEN} in the place of every value that may hold
   * data; only that when the text cannot be understood.
   *
   * @param declared the options of a connector by its name; empty where it is not known
   */
  public static String only(String text, Function<String, List<ConfigOption<?>>> declared) {
    if (text.isBlank()) {
      return text;
    }
    try {
      Node root = Documents.read("task", text, "task");
      Outline outline = TaskFiles.outline(root, ReadSettings.defaults(), new Notes());
      return Documents.json(around(root, "", outline.ends(), declared));
    } catch (MillraceException e) {
      return Sensitive.HIDDEN;
    }
  }

  private static @Nullable Object around(
      Node node,
      String key,
      List<Outline.End> ends,
      Function<String, List<ConfigOption<?>>> declared) {
    for (Outline.End end : ends) {
      if (end.options().path().equals(node.path()) && node.value() instanceof Map) {
        return options(node.entries(), declared.apply(end.connector()));
      }
    }
    if (node.value() instanceof Map) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      node.entries()
          .keySet()
          .forEach(each -> copy.put(each, around(node.at(each), each, ends, declared)));
      return copy;
    }
    if (node.value() instanceof List) {
      List<@Nullable Object> copy = new ArrayList<>();
      node.items().forEach(item -> copy.add(around(item, key, ends, declared)));
      return copy;
    }
    Object value = node.value();
    boolean open =
        value == null
            || !(value instanceof String) && SETTING.matcher(node.path()).matches()
            || WORDS.contains(key.toLowerCase(Locale.ROOT)) && isName(value);
    return open ? value : Sensitive.HIDDEN;
  }

  /** The options of a connector, with {@value Sensitive#HIDDEN} in the place of closed values. */
  public static Map<String, @Nullable Object> options(
      Map<String, ? extends @Nullable Object> options, List<ConfigOption<?>> declared) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    options.forEach((key, value) -> copy.put(key, option(key, value, declared)));
    return copy;
  }

  /** True when nothing of the value of a connector's option may hold data. */
  public static boolean isOpen(String key, @Nullable Object value, List<ConfigOption<?>> declared) {
    Object open = option(key, value, declared);
    return value == null || value.equals(open);
  }

  private static @Nullable Object option(
      String key, @Nullable Object value, List<ConfigOption<?>> declared) {
    if (value == null || Secrets.MASK.equals(value)) {
      return value;
    }
    for (ConfigOption<?> option : declared) {
      if (option.key().equalsIgnoreCase(key)
          || option.aliases().stream().anyMatch(key::equalsIgnoreCase)) {
        switch (option.type()) {
          case INTEGER, BOOLEAN, CHOICE -> {
            return fits(option, value) ? value : Sensitive.HIDDEN;
          }
          default -> {
            return named(key, value);
          }
        }
      }
    }
    return named(key, value);
  }

  private static boolean fits(ConfigOption<?> option, Object value) {
    try {
      option.convert(value);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static @Nullable Object named(String key, @Nullable Object value) {
    String lower = key.toLowerCase(Locale.ROOT);
    if (value == null) {
      return null;
    }
    if (!NAMES.contains(lower)) {
      return Sensitive.HIDDEN;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      map.forEach(
          (inner, each) -> copy.put(String.valueOf(inner), named(String.valueOf(inner), each)));
      return copy;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>();
      list.forEach(each -> copy.add(named(key, each)));
      return copy;
    }
    boolean column = lower.startsWith("column");
    boolean open =
        column
            ? value instanceof String text && COLUMN.matcher(text).matches()
            : lower.equals("index") ? value instanceof Number : isName(value);
    return open ? value : Sensitive.HIDDEN;
  }

  /** True when a column's name is a name: some connectors take an expression in its place. */
  public static boolean isColumn(String name) {
    return COLUMN.matcher(name).matches();
  }

  private static boolean isName(Object value) {
    return !(value instanceof String text) || NAME.matcher(text).matches();
  }
}
