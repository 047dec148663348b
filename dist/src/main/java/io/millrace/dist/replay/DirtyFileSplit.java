package io.millrace.dist.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.api.Counted;
import io.millrace.api.DirtyRecords.Kept;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.DirtyRecords.Reason;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.SplitReader;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one file of dirty records; a record's position is its line. */
final class DirtyFileSplit implements SplitReader {

  /** A line that was corrected by hand is taken as it is meant, or not at all. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final String CODE = "REPLAY";
  private static final String LINE = "LINE";
  private static final String CORRECTED =
      "rawData is not the base64 that was kept: if it was corrected, remove kept";
  private static final String NO_TEXT =
      "the value was kept as the bytes of a text that has no form in UTF-8; put the text into rawData"
          + " and remove ";

  private final Path file;
  private final Schema schema;
  private final ReadContext context;
  private final BufferedReader lines;
  private long line;

  DirtyFileSplit(Path file, Schema schema, ReadContext context) {
    this.file = file;
    this.schema = schema;
    this.context = context;
    try {
      this.lines = Files.newBufferedReader(file);
    } catch (IOException e) {
      throw DirtyFiles.refused("the file of dirty records " + file + " cannot be read");
    }
  }

  @Override
  public boolean read(RecordBatch into) {
    try {
      while (!into.isFull()) {
        context.cancellation().throwIfCancelled();
        String text = lines.readLine();
        if (text == null) {
          return false;
        }
        line++;
        if (!text.isBlank()) {
          append(into, text);
        }
      }
      return true;
    } catch (IOException e) {
      throw DirtyFiles.refused(file + " cannot be read on after line " + line + ": " + e);
    }
  }

  private void append(RecordBatch into, String text) {
    String column = null;
    JsonNode values = null;
    try {
      JsonNode kept = JSON.readTree(text);
      values = kept.path("record");
      if (isLine(kept)) {
        append(into, values.get(0).path("rawData").asText());
        return;
      }
      String bad = kept.path("column").asText("");
      if (!values.isArray() || values.size() != schema.size()) {
        throw new IllegalArgumentException(
            "the record must have "
                + Counted.of(schema.size(), "value", "values")
                + ", it has "
                + values.size());
      }
      for (int i = 0; i < schema.size(); i++) {
        column = schema.field(i).name();
        CanonicalValues.append(
            into, i, value(values.get(i), schema.field(i).type(), bad.equals(column)));
      }
      into.endRecord(line);
    } catch (JsonProcessingException e) {
      into.discardRecord();
      dirty(text, null, "the line is not JSON: " + e.getOriginalMessage(), null);
    } catch (IllegalArgumentException e) {
      into.discardRecord();
      dirty(text, values, String.valueOf(e.getMessage()), column);
    }
  }

  /** Whether it is a line that an earlier replay could not read. */
  private static boolean isLine(JsonNode kept) {
    JsonNode values = kept.path("record");
    return kept.path("code").asText().equals(CODE)
        && values.size() == 1
        && values.get(0).path("type").asText().equals(LINE)
        && values.get(0).path("rawData").isTextual();
  }

  /**
   * Keeps a record as it stands in the file, so that it can be corrected and replayed from there,
   * too.
   *
   * @param values of the record; null when the line has none
   */
  private void dirty(String text, @Nullable JsonNode values, String why, @Nullable String column) {
    List<RawValue> kept = column == null || values == null ? null : rawValues(values);
    if (kept == null) {
      kept = List.of(new RawValue(LINE, text.getBytes(StandardCharsets.UTF_8).length, text));
    }
    context
        .dirty()
        .add(
            line,
            kept,
            new Reason(CODE, file.getFileName() + " line " + line + ": " + why, column));
  }

  /** The values as they are kept, or null where they are not in that form. */
  private static @Nullable List<RawValue> rawValues(JsonNode values) {
    List<RawValue> kept = new ArrayList<>();
    for (JsonNode value : values) {
      JsonNode data = value.path("rawData");
      if (data.isMissingNode() || !data.isValueNode() || !isKnown(value)) {
        return null;
      }
      String text = data.isNull() ? null : data.asText();
      // With a name a text that looks like digits is one: its size must not say otherwise.
      long size =
          text != null && value.has("name") && kept(value) == Kept.WHOLE
              ? text.getBytes(StandardCharsets.UTF_8).length
              : value.path("byteSize").asLong();
      kept.add(new RawValue(value.path("type").asText(), size, text, kept(value)));
    }
    return kept;
  }

  private static boolean isKnown(JsonNode value) {
    String kept = value.path("kept").asText(Kept.WHOLE.name());
    return Arrays.stream(Kept.values()).anyMatch(each -> each.name().equals(kept));
  }

  /**
   * The text of a value, or null for NULL.
   *
   * @param bad whether it is this value that the record is dirty for
   * @throws IllegalArgumentException when it was not kept so that it could be written
   */
  static @Nullable String value(JsonNode value, ColumnType type, boolean bad) {
    JsonNode data = value.path("rawData");
    if (data.isMissingNode()) {
      throw new IllegalArgumentException("rawData is missing; null stands for NULL");
    }
    if (!data.isValueNode()) {
      throw new IllegalArgumentException("rawData must be a text or null");
    }
    switch (kept(value)) {
      case CUT:
        throw new IllegalArgumentException(
            "the value was kept incompletely; put the whole value into rawData and remove kept");
      case ABSENT:
        if (bad || !data.isNull()) {
          throw new IllegalArgumentException(
              "the source had no value here; put one into rawData, or null, and remove kept");
        }
        return null;
      case BASE64:
        return bytes(value, data.asText(), type);
      default:
        return data.isNull() ? null : text(value, data.asText(), type);
    }
  }

  private static Kept kept(JsonNode value) {
    String kept = value.path("kept").asText(Kept.WHOLE.name());
    try {
      return Kept.valueOf(kept);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("kept '" + kept + "' is not known; remove it", e);
    }
  }

  private static String text(JsonNode value, String text, ColumnType type) {
    boolean raw = !value.has("name");
    boolean wantsText = type == ColumnType.STRING || type == ColumnType.JSON;
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    boolean hex = raw && bytes == 2 + 2 * value.path("byteSize").asLong(-1);
    if (wantsText && hex && text.startsWith("0x")) {
      throw new IllegalArgumentException(NO_TEXT + "byteSize");
    }
    return text;
  }

  /** What was kept as bytes: themselves where the column holds such, else the text they are. */
  private static String bytes(JsonNode value, String text, ColumnType type) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(CORRECTED, e);
    }
    // A correction may happen to be base64, too; it is not what was kept then.
    boolean same = Base64.getEncoder().encodeToString(bytes).equals(text);
    if (!same || value.path("byteSize").asLong(-1) != bytes.length) {
      throw new IllegalArgumentException(CORRECTED);
    }
    if (type == ColumnType.BYTES) {
      return "0x" + HexFormat.of().formatHex(bytes);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(NO_TEXT + "kept", e);
    }
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      line = -1; // nothing was written to it, so nothing is lost
    }
  }
}
