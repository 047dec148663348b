package io.millrace.server.route;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.millrace.api.Sensitive;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.problem.ProblemKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as the API reads and writes it. Reading is strict and bounded. Thread-safe. */
public final class Json {

  private static final int DEPTH = 64;
  private static final int NAME_LENGTH = 1_000;
  private static final int NUMBER_LENGTH = 100;
  private static final int TEXT_LENGTH = 1_000_000;
  private static final int ANSWER_LENGTH = 16_000_000;

  private static final ObjectMapper MAPPER = mapper();
  private static final ObjectMapper ANSWERS =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(ANSWER_LENGTH).build())
                  .build())
          .build();

  private Json() {}

  private static ObjectMapper mapper() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH)
                    .maxNameLength(NAME_LENGTH)
                    .maxNumberLength(NUMBER_LENGTH)
                    .maxStringLength(TEXT_LENGTH)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
    return JsonMapper.builder(factory)
        .addModule(new JavaTimeModule())
        .enable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
            DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .withCoercionConfig(
            LogicalType.Textual,
            textual ->
                textual
                    .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
        .disable(
            SerializationFeature.WRITE_DATES_AS_TIMESTAMPS,
            SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS,
            SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .defaultPropertyInclusion(
            JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
        .build();
  }

  /** Writes a value. */
  public static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + value.getClass().getName(), e);
    }
  }

  /** Writes a value as a caller is shown it. */
  static byte[] write(Object value, Sight sight) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = new Shown.Generator(MAPPER.createGenerator(bytes), sight)) {
      MAPPER.writeValue(out, value);
    } catch (IOException e) {
      throw new IllegalStateException("cannot write " + value.getClass().getName(), e);
    }
    return bytes.toByteArray();
  }

  /** A document as a caller is shown it. */
  public static String shown(String document, Sight sight) {
    if (sight == Sight.MARKED || !Sensitive.isMarked(document)) {
      return document;
    }
    try {
      return new String(write(MAPPER.readTree(document), sight), StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON", e);
    }
  }

  /** Writes a value as text, for a line of events. */
  public static String text(Object value) {
    return new String(write(value), StandardCharsets.UTF_8);
  }

  /** Reads a document into maps and lists. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> map(byte[] document) {
    return read(document, Map.class);
  }

  /**
   * Reads a request's body.
   *
   * @throws ProblemException with the field, when it is not such a value; it never quotes the value
   */
  static <T> T read(byte[] body, Class<T> type) {
    T value;
    try {
      value = MAPPER.readValue(body, type);
    } catch (IOException e) {
      throw JsonProblems.of(e);
    }
    if (value == null) {
      throw new ProblemException(ProblemKind.BAD_REQUEST, "the body must be a JSON object");
    }
    if (value instanceof Record given) {
      requireAll(given);
    }
    return value;
  }

  /**
   * Reads what another node has answered, which is ours and may be long.
   *
   * @throws ProblemException when it is not such a value
   */
  public static <T> T answer(byte[] body, Class<T> type) {
    try {
      return ANSWERS.readValue(body, type);
    } catch (IOException e) {
      throw new ProblemException(ProblemKind.UNAVAILABLE, "the other node gave no such answer");
    }
  }

  private static void requireAll(Record given) {
    for (RecordComponent component : given.getClass().getRecordComponents()) {
      if (!component.getType().isPrimitive()
          && !isNullable(component)
          && value(given, component) == null) {
        throw ProblemException.field(component.getName(), "is missing");
      }
    }
  }

  static boolean isNullable(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  private static @Nullable Object value(Record given, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(given);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
