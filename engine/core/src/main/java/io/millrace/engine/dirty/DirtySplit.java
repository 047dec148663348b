package io.millrace.engine.dirty;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import io.millrace.api.DirtyRecords;
import io.millrace.api.LocalFiles;
import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Texts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The dirty records of one try of one split. Nothing is written, not even a file, until the first
 * record comes. The reading and the writing thread share it.
 *
 * <p>One line of JSON a record: {@code {"split","position","type":"reader"|"writer","code",
 * "exception","column","record":[{"index","name","type","byteSize","rawData"},…]}}. {@code rawData}
 * is the canonical text of {@link Texts}, or null for NULL; where it is something else, {@code
 * kept} says what, see {@link DirtyRecords.Kept}.
 */
public final class DirtySplit implements AutoCloseable {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  /** What in a value looks like a mark is none, and is not taken away with those of the reason. */
  private static final CharacterEscapes MARKS_OF_VALUES =
      new CharacterEscapes() {
        @Override
        public int[] getEscapeCodesForAscii() {
          return standardAsciiEscapesForJSON();
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int c) {
          return c >= 0x2066 && c <= 0x2069
              ? new SerializedString("\\u" + Integer.toHexString(c))
              : null;
        }
      };

  private final String splitId;
  private final Path open;
  private final Path sealed;
  private final DirtyGate gate;
  private final DirtyObserver observer;
  private final boolean keepsMarks;
  private final MessageDigest digest = DirtyStore.newDigest();
  private @Nullable FileChannel channel;
  private @Nullable OutputStream out;
  private long readerCount;
  private long writerCount;
  private long bytes;
  private boolean done;

  DirtySplit(
      String splitId, Path sealed, DirtyGate gate, DirtyObserver observer, boolean keepsMarks) {
    this.splitId = splitId;
    this.open = sealed.resolveSibling(sealed.getFileName() + DirtyStore.OPEN);
    this.sealed = sealed;
    this.gate = gate;
    this.observer = observer;
    this.keepsMarks = keepsMarks;
  }

  /** What the reader gives its dirty records to. */
  public DirtyRecords reader() {
    return new Side("reader");
  }

  /** What the writer gives its dirty records to. */
  public DirtyRecords writer() {
    return new Side("writer");
  }

  /** Records the reader gave. */
  public synchronized long readerCount() {
    return readerCount;
  }

  /** Records the writer gave. */
  public synchronized long writerCount() {
    return writerCount;
  }

  /** All records of this try. */
  public synchronized long count() {
    return readerCount + writerCount;
  }

  /**
   * Makes the file durable under its final name.
   *
   * @return the seal; empty when there was no dirty record
   */
  public synchronized String seal() {
    done = true;
    if (out == null || channel == null) {
      return "";
    }
    try {
      out.flush();
      channel.force(true);
      out.close();
      LocalFiles.requireReplaceable(sealed);
      Files.move(open, sealed, StandardCopyOption.ATOMIC_MOVE);
      DirtyStore.syncDirectory(sealed.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw cannotKeep(e);
    }
    return sealed.getFileName() + " " + HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Ends this try without a word about its file: its records are no longer counted here, and {@link
   * DirtyStore#keepOnly} decides by the target's ledger whether a sealed file counts.
   */
  public synchronized void release() {
    gate.remove(readerCount + writerCount, bytes);
    readerCount = 0;
    writerCount = 0;
    bytes = 0;
    close();
  }

  /**
   * Ends a try whose failure ends the attempt. Its file stays, under a name that says that nothing
   * of it is committed, so that its reasons can be read; a resume removes it.
   */
  public synchronized void keepUncommitted() {
    close();
    try {
      if (Files.exists(open)) {
        String name = sealed.getFileName().toString().replaceFirst("jsonl$", "uncommitted.jsonl");
        Files.move(open, sealed.resolveSibling(name), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      // It can still be read under its open name.
      done = true;
    }
  }

  /** Gives this try up: its records are no longer counted and its file is removed. */
  public synchronized void discard() {
    release();
    try {
      Files.deleteIfExists(open);
      Files.deleteIfExists(sealed);
    } catch (IOException e) {
      // What stays is not named by any commit, so the next keepOnly removes it.
      done = true;
    }
  }

  /** Closes the file as it is. */
  @Override
  public synchronized void close() {
    done = true;
    if (out != null) {
      try {
        out.close();
      } catch (IOException e) {
        // An unsealed file is worth nothing; a sealed one was forced before.
        out = null;
      }
    }
  }

  private synchronized void keep(
      boolean reader, DirtyRecords.Reason reason, byte[] line, long size) {
    if (done) {
      throw new MillraceException(
          StandardError.INTERNAL, "a dirty record of split " + splitId + " came after its end");
    }
    try {
      if (out == null) {
        Files.createDirectories(open.toAbsolutePath().getParent());
        channel =
            FileChannel.open(
                open,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        out = Channels.newOutputStream(channel);
      }
      out.write(line);
    } catch (IOException e) {
      throw cannotKeep(e);
    }
    digest.update(line);
    bytes += size;
    gate.addBytes(size);
    if (reader) {
      readerCount++;
    } else {
      writerCount++;
    }
    observer.kept(
        reader ? "reader" : "writer",
        reason.message(),
        new String(line, StandardCharsets.UTF_8).strip());
    gate.add(reason);
  }

  private MillraceException cannotKeep(IOException e) {
    return new MillraceException(
        StandardError.RESOURCE,
        "cannot keep dirty records in "
            + open.getParent()
            + ": "
            + Sensitive.message(e)
            + "; free space or permissions there, then resume",
        e);
  }

  /** One side's view. */
  private final class Side implements DirtyRecords {
    private final String type;

    Side(String type) {
      this.type = type;
    }

    @Override
    public void add(RecordBatch batch, int row, Reason reason) {
      keep(
          type.equals("reader"),
          reason,
          line(
              batch.position(row),
              reason,
              json -> {
                for (int i = 0; i < batch.schema().size(); i++) {
                  Column column = batch.column(i);
                  byte[] noText = bytesWithoutText(column, row);
                  value(
                      json,
                      i,
                      column.field().name(),
                      column.field().type().name(),
                      byteSize(column, row),
                      noText == null
                          ? Texts.text(column, row)
                          : Base64.getEncoder().encodeToString(noText),
                      noText == null ? DirtyRecords.Kept.WHOLE : DirtyRecords.Kept.BASE64);
                }
              }),
          recordBytes(batch, row));
    }

    @Override
    public void add(long position, List<RawValue> values, Reason reason) {
      keep(
          type.equals("reader"),
          reason,
          line(
              position,
              reason,
              json -> {
                int i = 0;
                for (RawValue value : values) {
                  value(
                      json, i++, null, value.type(), value.byteSize(), value.text(), value.kept());
                }
              }),
          values.stream().mapToLong(RawValue::byteSize).sum());
    }

    private byte[] line(long position, Reason reason, Body record) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
      try (JsonGenerator json = JSON.createGenerator(bytes)) {
        json.writeStartObject();
        json.writeStringField("split", splitId);
        json.writeNumberField("position", position);
        json.writeStringField("type", type);
        json.writeStringField("code", reason.code());
        json.writeStringField(
            "exception", keepsMarks ? reason.message() : Sensitive.plain(reason.message()));
        json.writeStringField("column", reason.column());
        json.writeArrayFieldStart("record");
        json.setCharacterEscapes(MARKS_OF_VALUES);
        record.write(json);
        json.writeEndArray();
        json.writeEndObject();
        json.writeRaw('\n');
      } catch (IOException e) {
        throw new AssertionError("memory does not fail to be written", e);
      }
      return bytes.toByteArray();
    }
  }

  /** The bytes of a text that is no UTF-8, whose canonical form would be another text. */
  private static byte @Nullable [] bytesWithoutText(Column column, int row) {
    ColumnType type = column.field().type();
    boolean text = type == ColumnType.STRING || type == ColumnType.JSON;
    if (!text || column.isNull(row) || !(column instanceof BytesColumn bytes)) {
      return null;
    }
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.buffer(), bytes.offset(row), bytes.length(row)));
      return null;
    } catch (CharacterCodingException e) {
      return bytes.get(row);
    }
  }

  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  private static void value(
      JsonGenerator json,
      int index,
      @Nullable String name,
      String type,
      long byteSize,
      @Nullable String text,
      DirtyRecords.Kept kept)
      throws IOException {
    json.writeStartObject();
    json.writeNumberField("index", index);
    if (name != null) {
      json.writeStringField("name", name);
    }
    json.writeStringField("type", type);
    json.writeNumberField("byteSize", byteSize);
    json.writeStringField("rawData", text);
    if (kept != DirtyRecords.Kept.WHOLE) {
      json.writeStringField("kept", kept.name());
    }
    json.writeEndObject();
  }

  private static long recordBytes(RecordBatch batch, int row) {
    long sum = 0;
    for (int i = 0; i < batch.schema().size(); i++) {
      sum += byteSize(batch.column(i), row);
    }
    return sum;
  }

  private static long byteSize(Column column, int row) {
    if (column.isNull(row)) {
      return 0;
    }
    if (column instanceof BytesColumn bytes) {
      return bytes.length(row);
    }
    if (column instanceof DecimalColumn decimals && decimals.isWide(row)) {
      return decimals.wideLength(row);
    }
    return column.field().type() == ColumnType.BOOLEAN ? 1 : 8;
  }
}
