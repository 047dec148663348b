package io.millrace.kafka.write;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.write.SplitTally;
import io.millrace.kafka.value.ByteSink;
import io.millrace.kafka.value.JsonText;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of the ledger's messages: flat JSON objects. Stateless. */
final class LedgerEntry {

  private static final JsonFactory JSON = new JsonFactory();

  private LedgerEntry() {}

  /**
   * What tells of an attempt.
   *
   * @param owner whose the instance is, for who cleans up
   */
  static byte[] claim(Prepared.Attempt attempt, int channels, String owner) {
    return json(
        Map.of(
            "owner", owner,
            "generation", String.valueOf(attempt.generation()),
            "epoch", String.valueOf(attempt.epoch()),
            "channels", String.valueOf(channels)));
  }

  static byte[] commit(int generation, SplitTally tally) {
    return json(
        Map.of(
            "generation", String.valueOf(generation),
            "read", String.valueOf(tally.read()),
            "written", String.valueOf(tally.written()),
            "dirty", String.valueOf(tally.dirty()),
            "bytes", String.valueOf(tally.bytes()),
            "seal", tally.dirtySeal()));
  }

  private static byte[] json(Map<String, String> values) {
    ByteSink out = new ByteSink();
    out.write('{');
    boolean first = true;
    for (Map.Entry<String, String> each : values.entrySet()) {
      if (!first) {
        out.write(',');
      }
      first = false;
      JsonText.string(out, each.getKey());
      out.write(':');
      JsonText.string(out, each.getValue());
    }
    out.write('}');
    return out.copy();
  }

  static Map<String, String> read(byte @Nullable [] json, String topic) {
    if (json == null) {
      throw broken(topic);
    }
    Map<String, String> values = new HashMap<>();
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          values.put(name, parser.getText());
        }
        return values;
      }
    } catch (IOException e) {
      throw broken(topic);
    }
    throw broken(topic);
  }

  static SplitTally tally(Map<String, String> values, String topic) {
    return new SplitTally(
        number(values, "read", topic),
        number(values, "written", topic),
        number(values, "dirty", topic),
        number(values, "bytes", topic),
        values.getOrDefault("seal", ""));
  }

  static long number(Map<String, String> values, String name, String topic) {
    try {
      return Long.parseLong(values.getOrDefault(name, ""));
    } catch (NumberFormatException e) {
      throw broken(topic);
    }
  }

  private static MillraceException broken(String topic) {
    return new MillraceException(
        StandardError.WRITE_REFUSED,
        "the ledger, topic "
            + topic
            + ", holds messages that are not Millrace's; start the instance anew with another"
            + " transactionalIdPrefix");
  }
}
