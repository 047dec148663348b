package io.millrace.files.read;

import io.millrace.api.read.ReadContext;
import io.millrace.api.read.SplitReader;
import io.millrace.api.record.RecordBatch;
import io.millrace.files.format.FileInput;
import io.millrace.files.format.PieceReader;
import io.millrace.files.format.ReadPiece;
import io.millrace.files.read.SplitPieces.Entry;
import io.millrace.files.store.FileStore;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the pieces of one split one after another. */
final class FilesSplitReader implements SplitReader {

  private final SplitPieces pieces;
  private final ReadFormats formats;
  private final FolderColumns columns;
  private final FileStore store;
  private final ReadContext context;
  private int next;
  private long position;
  private String file = "";
  private @Nullable PieceReader open;

  FilesSplitReader(
      SplitPieces pieces,
      ReadFormats formats,
      FolderColumns columns,
      FileStore store,
      ReadContext context) {
    this.pieces = pieces;
    this.formats = formats;
    this.columns = columns;
    this.store = store;
    this.context = context;
  }

  @Override
  public boolean read(RecordBatch into) {
    try {
      while (true) {
        PieceReader reader = reader();
        if (reader == null) {
          return false;
        }
        if (reader.read(into)) {
          return true;
        }
        store.requireSame(pieces.entries().get(next - 1).file(), context.cancellation());
        position = reader.position();
        open = null;
        reader.close();
        if (into.isFull()) {
          return next < pieces.entries().size();
        }
      }
    } catch (IOException e) {
      throw FileErrors.of(e, file, context.cancellation());
    }
  }

  private @Nullable PieceReader reader() throws IOException {
    PieceReader current = open;
    if (current == null && next < pieces.entries().size()) {
      Entry entry = pieces.entries().get(next++);
      FileInput input = new FileInput(store, entry.file(), context.cancellation());
      file = input.describe();
      ReadPiece piece = new ReadPiece(input, entry.piece(), columns.in(input), position, context);
      current = formats.of(input).open(piece);
      open = current;
    }
    return current;
  }

  @Override
  public void close() {
    PieceReader current = open;
    open = null;
    if (current != null) {
      try {
        current.close();
      } catch (IOException e) {
        // Nothing that was read depends on it.
        return;
      }
    }
  }
}
