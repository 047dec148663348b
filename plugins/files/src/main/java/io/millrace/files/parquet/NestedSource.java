package io.millrace.files.parquet;

import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import io.millrace.files.columnar.Assembly;
import io.millrace.files.columnar.JsonTree;
import io.millrace.files.columnar.ValueSource;
import io.millrace.files.format.RawValues;
import java.io.IOException;
import java.util.List;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/** The values of a nested column as JSON text, row group after row group. Used by one thread. */
final class NestedSource implements ValueSource {

  private final MessageColumnIO columns;
  private final Materializer materializer;
  private final Assembly assembly;
  private final String name;
  private @Nullable RecordReader<@Nullable Object> reader;
  private RawValue rejected = RawValues.lost("JSON");

  /**
   * @param most bytes one value may take in memory
   */
  NestedSource(MessageType file, Type column, Footer footer, long most) {
    MessageType only = new MessageType(file.getName(), List.of(column));
    this.columns = new ColumnIOFactory(footer.createdBy()).getColumnIO(only, only);
    this.assembly = new Assembly(most);
    this.name = column.getName();
    this.materializer = new Materializer(only, assembly, footer.oldCalendar());
  }

  /** Goes on in another row group. */
  void open(PageReadStore pages) {
    reader = columns.getRecordReader(pages, materializer);
  }

  @Override
  public @Nullable String next(Column into) throws IOException {
    RecordReader<@Nullable Object> open = reader;
    if (open == null) {
      throw new IllegalStateException("no row group is open");
    }
    assembly.reset();
    Object node;
    try {
      node = open.read();
    } catch (RuntimeException | OutOfMemoryError e) {
      throw BrokenPages.of(name, e);
    }
    String fault = assembly.fault();
    if (fault != null) {
      rejected = assembly.rejected(node);
      return fault;
    }
    if (node == null) {
      into.appendNull();
    } else {
      ((BytesColumn) into).append(JsonTree.text(node));
    }
    return null;
  }

  @Override
  public RawValue rejected() {
    return rejected;
  }

  private static final class Materializer extends RecordMaterializer<@Nullable Object> {

    private final StructConverter root;
    private @Nullable Object current;

    Materializer(MessageType schema, Assembly assembly, OldCalendar oldCalendar) {
      this.root = new StructConverter(schema, assembly, oldCalendar, node -> current = first(node));
    }

    private static @Nullable Object first(@Nullable Object node) {
      return node instanceof JsonTree.Struct struct ? struct.values()[0] : null;
    }

    @Override
    public @Nullable Object getCurrentRecord() {
      Object record = current;
      current = null;
      return record;
    }

    @Override
    public GroupConverter getRootConverter() {
      return root;
    }
  }
}
