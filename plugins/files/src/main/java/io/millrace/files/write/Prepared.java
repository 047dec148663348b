package io.millrace.files.write;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What stage 1 prepared, as a state and back.
 *
 * @param source the columns that arrive
 */
record Prepared(String instance, int generation, long epoch, Schema source) {

  private static final int VERSION = 1;

  static Prepared of(WritePlan plan) {
    return new Prepared(plan.instanceId(), plan.generation(), plan.epoch(), plan.source());
  }

  Prepared withEpoch(long newer) {
    return new Prepared(instance, generation, newer, source);
  }

  /** What the names of the instance's files hold, so that no other instance has the same ones. */
  String tag() {
    return tag(instance + "-" + generation);
  }

  /** The same for the name of an instance's area. */
  static String tag(String id) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  WriteState state() {
    StringBuilder columns = new StringBuilder();
    for (Field field : source.fields()) {
      columns.append(
          Lines.line(
              field.name(),
              field.type(),
              field.nullable(),
              field.bits(),
              field.unsigned(),
              field.precision(),
              field.scale(),
              field.maxLength()));
    }
    return new WriteState(
        VERSION,
        Map.of(
            "instance",
            instance,
            "generation",
            String.valueOf(generation),
            "epoch",
            String.valueOf(epoch),
            "columns",
            columns.toString()),
        Guarantee.EXACTLY_ONCE,
        "");
  }

  static Prepared of(WriteState state) {
    if (state.version() != VERSION) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "the output was prepared by another version of the connector: start the instance anew");
    }
    List<Field> fields = new ArrayList<>();
    byte[] columns = property(state, "columns").getBytes(StandardCharsets.UTF_8);
    for (List<String> words : Lines.parse(columns)) {
      fields.add(
          new Field(
              words.get(0),
              ColumnType.valueOf(words.get(1)),
              Boolean.parseBoolean(words.get(2)),
              Integer.parseInt(words.get(3)),
              Boolean.parseBoolean(words.get(4)),
              Integer.parseInt(words.get(5)),
              Integer.parseInt(words.get(6)),
              Long.parseLong(words.get(7)),
              null));
    }
    return new Prepared(
        property(state, "instance"),
        Integer.parseInt(property(state, "generation")),
        Long.parseLong(property(state, "epoch")),
        new Schema(fields));
  }

  private static String property(WriteState state, String key) {
    return Objects.requireNonNull(state.properties().get(key), key);
  }
}
