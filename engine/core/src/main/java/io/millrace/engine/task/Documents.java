package io.millrace.engine.task;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads a JSON or YAML file into the JDK's own types, within bounds, so that no file can exhaust
 * memory or the stack. Error messages never repeat a value, which may be a password.
 */
final class Documents {

  /** Bytes; a task file is a few kilobytes. */
  static final int MAX_BYTES = 10 << 20;

  private static final int MAX_DEPTH = 64;
  private static final int MAX_ALIASES = 50;

  /** Counted after aliases are followed, so that nested ones cannot multiply without end. */
  private static final int MAX_VALUES = 1_000_000;

  /**
   * The liberties that fastjson, and so DataX, takes: files that run there have comments, trailing
   * commas, single quotes and line breaks inside texts.
   */
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(MAX_BYTES)
                          .maxNumberLength(1000)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                  .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                  .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
                  .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
                  .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String file;
  private int values;

  private Documents(String file) {
    this.file = file;
  }

  /**
   * The document's top object.
   *
   * @param what what the file is, for messages, such as {@code task file}
   */
  static Node read(Path path, String what) {
    Node top = readOrEmpty(path, what);
    if (top.isAbsent()) {
      throw wrong(path.toString(), "the " + what + " is empty");
    }
    return top;
  }

  /**
   * The top object of a document that is no file.
   *
   * @param name stands for the file in messages
   */
  static Node read(String name, String text, String what) {
    if (text.length() > MAX_BYTES) {
      throw wrong(name, "the " + what + " is larger than 10 MB");
    }
    Node top = parse(name, text, what);
    if (top.isAbsent()) {
      throw wrong(name, "the " + what + " is empty");
    }
    return top;
  }

  /** The document's top object, or an absent one when it holds nothing but comments. */
  static Node readOrEmpty(Path path, String what) {
    return parse(path.toString(), text(path, what), what);
  }

  private static Node parse(String file, String text, String what) {
    String start = text.stripLeading();
    boolean json = start.startsWith("{") || start.startsWith("[") || start.startsWith("/");
    Object value = json ? json(file, text) : yaml(file, text);
    Object plain = new Documents(file).plain(value, 0);
    if (plain != null && !(plain instanceof Map)) {
      throw wrong(file, "the " + what + " must hold an object at the top");
    }
    return new Node(file, "", plain);
  }

  private static String text(Path path, String what) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION, path + ": the " + what + " does not exist", e);
    } catch (IOException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          path
              + ": the "
              + what
              + " cannot be read: "
              + (Files.isDirectory(path) ? "it is a directory" : e.getClass().getSimpleName()),
          e);
    }
    if (bytes.length > MAX_BYTES) {
      throw wrong(path.toString(), "the " + what + " is larger than 10 MB");
    }
    return decode(path.toString(), bytes);
  }

  private static String decode(String file, byte[] bytes) {
    boolean wide =
        bytes.length >= 2
            && (bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF
                || bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE);
    Charset charset = wide ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    try {
      String text =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION, file + ": it is not " + charset + ": save it as UTF-8", e);
    }
  }

  private static @Nullable Object json(String file, String text) {
    try {
      return JSON.readValue(text, Object.class);
    } catch (JsonProcessingException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION, file + position(e.getLocation()) + ": " + problem(e), null);
    }
  }

  private static String position(@Nullable JsonLocation location) {
    return location == null || location.getLineNr() < 0
        ? ""
        : ":" + location.getLineNr() + ":" + location.getColumnNr();
  }

  private static String problem(JsonProcessingException e) {
    if (e instanceof JsonEOFException) {
      return "the JSON ends too early: an object, a list or a text is not closed;"
          + " is the file complete?";
    }
    // Jackson repeats the token it stumbled over, which may be an unquoted password.
    String message = e.getOriginalMessage().lines().findFirst().orElse("");
    message = message.replaceAll("^(Unrecognized token) '.*?'(?=:)", "$1");
    return "the JSON is wrong: " + Node.oneLine(message);
  }

  private static @Nullable Object yaml(String file, String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setAllowRecursiveKeys(false);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setCodePointLimit(MAX_BYTES);
    options.setProcessComments(false);
    DumperOptions unused = new DumperOptions();
    Yaml yaml =
        new Yaml(
            new PlainConstructor(options),
            new Representer(unused),
            unused,
            options,
            new PlainResolver());
    try {
      return yaml.load(text);
    } catch (MarkedYAMLException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          file + position(e.getProblemMark()) + ": the YAML is wrong: " + problem(e));
    } catch (NumberFormatException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION, file + ": the YAML is wrong: a number is not one");
    } catch (YAMLException e) {
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new MillraceException(
          StandardError.CONFIGURATION, file + ": the YAML is wrong: " + Node.oneLine(message));
    }
  }

  private static String position(@Nullable Mark mark) {
    return mark == null ? "" : ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
  }

  /** Without the word itself, which may be a password that was not quoted. */
  private static String problem(MarkedYAMLException e) {
    String problem = String.valueOf(e.getProblem()).lines().findFirst().orElse("");
    if (problem.contains("undefined alias")) {
      return "an alias is not defined; quote a text that begins with *";
    }
    if (problem.contains(" tag ")) {
      return "a tag is not known; quote a text that begins with !";
    }
    return Node.oneLine(problem);
  }

  /** Copies into plain maps and lists with text keys, within the bounds. */
  private @Nullable Object plain(@Nullable Object value, int depth) {
    if (++values > MAX_VALUES) {
      throw wrong(file, "it holds more than " + MAX_VALUES + " values");
    }
    if (depth > MAX_DEPTH) {
      throw wrong(file, "it is nested deeper than " + MAX_DEPTH + " levels");
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      map.forEach((key, each) -> copy.put(key(key), plain(each, depth + 1)));
      if (copy.size() < map.size()) {
        throw wrong(file, "an object has the same key twice");
      }
      return copy;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>();
      list.forEach(each -> copy.add(plain(each, depth + 1)));
      return copy;
    }
    if (value == null
        || value instanceof String
        || value instanceof Boolean
        || value instanceof Integer
        || value instanceof Long
        || value instanceof BigInteger
        || value instanceof BigDecimal) {
      return value;
    }
    throw wrong(
        file,
        "it holds a value of the YAML type " + value.getClass().getSimpleName() + ": quote it");
  }

  private String key(@Nullable Object key) {
    if (key == null || key instanceof Map || key instanceof List) {
      throw wrong(file, "an object has a key that is not a text");
    }
    return key.toString();
  }

  private static MillraceException wrong(String file, String message) {
    return new MillraceException(StandardError.CONFIGURATION, file + ": " + message);
  }

  /** Exact decimals instead of doubles. */
  private static final class PlainConstructor extends SafeConstructor {
    PlainConstructor(LoaderOptions options) {
      super(options);
      yamlConstructors.put(
          Tag.FLOAT,
          new AbstractConstruct() {
            @Override
            public Object construct(org.yaml.snakeyaml.nodes.Node node) {
              return new BigDecimal(constructScalar((ScalarNode) node));
            }
          });
    }
  }

  /**
   * YAML 1.2's few implicit types. YAML 1.1 would make a boolean of {@code no}, 750 of {@code
   * 12:30}, an octal of {@code 0123} and a timestamp of {@code 2026-11-21}.
   */
  private static final class PlainResolver extends Resolver {
    @Override
    protected void addImplicitResolvers() {
      addImplicitResolver(Tag.BOOL, Pattern.compile("true|True|TRUE|false|False|FALSE"), "tTfF");
      addImplicitResolver(Tag.INT, Pattern.compile("[-+]?(?:0|[1-9][0-9]{0,99})"), "-+0123456789");
      addImplicitResolver(
          Tag.FLOAT,
          Pattern.compile("[-+]?(?:0|[1-9][0-9]{0,99})(?:\\.[0-9]{1,99})?(?:[eE][-+]?[0-9]{1,3})?"),
          "-+0123456789");
      addImplicitResolver(Tag.NULL, Pattern.compile("~|null|Null|NULL|"), "~nN\0");
      addImplicitResolver(Tag.NULL, Pattern.compile(""), null);
      addImplicitResolver(Tag.MERGE, Pattern.compile("<<"), "<");
    }
  }
}
