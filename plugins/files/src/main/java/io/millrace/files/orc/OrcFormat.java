package io.millrace.files.orc;

import io.millrace.api.TaskContext;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.files.columnar.Memory;
import io.millrace.files.columnar.Plan;
import io.millrace.files.format.Columns;
import io.millrace.files.format.Cut;
import io.millrace.files.format.FileInput;
import io.millrace.files.format.Format;
import io.millrace.files.format.Piece;
import io.millrace.files.format.PieceReader;
import io.millrace.files.format.ReadPiece;
import io.millrace.files.format.RecordOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.orc.CompressionKind;
import org.apache.orc.StripeInformation;
import org.apache.orc.TypeDescription;
import org.jspecify.annotations.Nullable;

/** ORC. */
public final class OrcFormat implements Format {

  private final CompressionKind compression;
  private final TaskContext task;
  private final long stripeBytes;

  /**
   * @param compression for files that are written; those that are read say it themselves
   * @throws IllegalArgumentException when there is no such compression
   */
  public OrcFormat(String compression, TaskContext task) {
    this(compression, task, Memory.group(task.limits()));
  }

  /**
   * @param stripeBytes bytes of memory after which a stripe that is written is full
   */
  public OrcFormat(String compression, TaskContext task, long stripeBytes) {
    this.compression = OrcFiles.compression(compression.strip().toLowerCase(Locale.ROOT));
    this.task = task;
    this.stripeBytes = stripeBytes;
  }

  @Override
  public Schema discover(FileInput file) throws IOException {
    try (OrcInput input = OrcInput.open(file, Memory.block(task.limits()))) {
      TypeDescription schema = input.tail().getSchema();
      List<Field> fields = new ArrayList<>();
      for (int i = 0; i < schema.getChildren().size(); i++) {
        fields.add(OrcTypes.field(schema.getFieldNames().get(i), schema.getChildren().get(i)));
      }
      return new Schema(fields);
    }
  }

  @Override
  public void requireColumns(FileInput file, Columns columns) throws IOException {
    try (OrcInput input = OrcInput.open(file, Memory.block(task.limits()))) {
      Plan.places(columns, input.tail().getSchema().getFieldNames());
    }
  }

  @Override
  public Cut cut(FileInput file, long pieceBytes) throws IOException {
    List<Long> starts = new ArrayList<>(List.of(0L));
    int stripes = 0;
    long begun = 0;
    try (OrcInput input = OrcInput.open(file, Memory.block(task.limits()))) {
      for (StripeInformation stripe : input.tail().getStripes()) {
        if (stripes++ == 0) {
          begun = stripe.getOffset();
        }
        if (stripe.getOffset() > begun && stripe.getOffset() - begun >= pieceBytes) {
          starts.add(stripe.getOffset());
          begun = stripe.getOffset();
        }
      }
    }
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      long end = i + 1 < starts.size() ? starts.get(i + 1) : file.size();
      pieces.add(new Piece(starts.get(i), end, true, 0));
    }
    return new Cut(pieces, stripes < 2 ? "kept whole: one stripe" : "between its stripes");
  }

  @Override
  public PieceReader open(ReadPiece piece) throws IOException {
    return OrcPieceReader.open(piece, task.zone());
  }

  @Override
  public Schema check(Schema source) {
    return OrcTypes.check(source);
  }

  @Override
  public RecordOutput create(OutputStream out, Schema schema, boolean header) throws IOException {
    return new OrcOutput(out, schema, compression, stripeBytes);
  }

  @Override
  public String suffix() {
    return ".orc";
  }

  @Override
  public @Nullable String whyNotJoined() {
    return "an ORC file ends in a footer of its own, so parts cannot be put together";
  }
}
