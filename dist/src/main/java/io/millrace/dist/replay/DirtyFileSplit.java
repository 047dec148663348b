package io.millrace.dist.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.DirtyRecords.Reason;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.SplitReader;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one file of dirty records; a record's position is its line. */
final class DirtyFileSplit implements SplitReader {

  private static final ObjectMapper JSON = new ObjectMapper();

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
    try {
      JsonNode values = JSON.readTree(text).path("record");
      if (!values.isArray() || values.size() != schema.size()) {
        throw new IllegalArgumentException(
            "the record must have " + schema.size() + " values, it has " + values.size());
      }
      for (int i = 0; i < schema.size(); i++) {
        column = schema.field(i).name();
        CanonicalValues.append(into, i, value(values.get(i), schema.field(i).type()));
      }
      into.endRecord(line);
    } catch (JsonProcessingException e) {
      into.discardRecord();
      dirty(text, "the line is not JSON: " + e.getOriginalMessage(), null);
    } catch (IllegalArgumentException e) {
      into.discardRecord();
      dirty(text, String.valueOf(e.getMessage()), column);
    }
  }

  private void dirty(String text, String why, @Nullable String column) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    context
        .dirty()
        .add(
            line,
            List.of(new RawValue("LINE", bytes, text)),
            new Reason("REPLAY", file.getFileName() + " line " + line + ": " + why, column));
  }

  static @Nullable String value(JsonNode value, ColumnType type) {
    JsonNode text = value.path("rawData");
    if (text.isNull() || text.isMissingNode()) {
      return null;
    }
    if (!text.isValueNode()) {
      throw new IllegalArgumentException("rawData must be a text or null");
    }
    // A value without a name was kept in the source's own form, which is cut when it is long.
    boolean raw = !value.has("name");
    int bytes = text.asText().getBytes(StandardCharsets.UTF_8).length;
    if (raw && value.path("byteSize").asLong(0) > bytes) {
      throw new IllegalArgumentException(
          "the value was kept incompletely; put the whole value here and remove its byteSize");
    }
    boolean wantsText = type == ColumnType.STRING || type == ColumnType.JSON;
    boolean hex = raw && bytes == 2 + 2 * value.path("byteSize").asLong(-1);
    if (wantsText && hex && text.asText().startsWith("0x")) {
      throw new IllegalArgumentException(
          "the value was kept as the bytes of a text that has no form in UTF-8; put the text here"
              + " and remove its byteSize");
    }
    return text.asText();
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
