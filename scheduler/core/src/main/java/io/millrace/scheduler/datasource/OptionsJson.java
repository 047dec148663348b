package io.millrace.scheduler.datasource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.util.Map;

/** Options and secrets as JSON. What goes wrong is told without what it was. Stateless. */
final class OptionsJson {

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final TypeReference<Map<String, Object>> OPTIONS = new TypeReference<>() {};

  private OptionsJson() {}

  static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new MillraceException(
          StandardError.INTERNAL, "options of a data source cannot be written", null);
    }
  }

  static Map<String, Object> read(String options) {
    try {
      return JSON.readValue(options, OPTIONS);
    } catch (JsonProcessingException e) {
      throw new MillraceException(
          StandardError.INTERNAL, "options of a data source in the store cannot be read", e);
    }
  }

  static Object readSecret(String json) {
    try {
      return JSON.readValue(json, Object.class);
    } catch (JsonProcessingException e) {
      // Jackson's message may repeat the secret.
      throw new MillraceException(
          StandardError.INTERNAL, "a secret in the store cannot be read", null);
    }
  }
}
