package io.millrace.server.route;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is more than a value as JSON with 200.
 *
 * @param status the HTTP status
 * @param headers further headers
 * @param body a value to be written as JSON; a String, or an InputStream of lines that is closed,
 *     whose marks are taken away or hidden ({@link Sight}); a byte[] as it is; or null for none
 */
public record Answer(int status, Map<String, String> headers, @Nullable Object body) {

  /** 201 with what was made and where it is. */
  public static Answer created(String location, Object body) {
    return new Answer(201, Map.of("Location", location), body);
  }

  /** 202: it was taken on and goes on after the answer. */
  public static Answer accepted(Object body) {
    return new Answer(202, Map.of(), body);
  }

  /** 200 as JSON, for adding headers to. */
  public static Answer of(Object body) {
    return new Answer(200, Map.of(), body);
  }

  /** 200 with bytes of this media type. */
  public static Answer bytes(String mediaType, byte[] body) {
    return new Answer(200, Map.of("Content-Type", mediaType), body);
  }

  /** 200 with text of this media type, which has to name UTF-8 where it can. */
  public static Answer text(String mediaType, String body) {
    return new Answer(200, Map.of("Content-Type", mediaType), body);
  }

  /** 204 without a body, for adding headers to. */
  public static Answer empty() {
    return new Answer(204, Map.of(), null);
  }

  /** The same with one more header. */
  public Answer with(String header, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(header, value);
    return new Answer(status, Map.copyOf(all), body);
  }
}
