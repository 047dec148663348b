package io.millrace.files.parquet;

import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.record.Column;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.columnar.Assembly;
import io.millrace.files.columnar.JsonTree;
import io.millrace.files.columnar.JsonTree.Entries;
import io.millrace.files.columnar.JsonTree.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.jspecify.annotations.Nullable;

/** Puts a group together: a struct, a list or a map, as its annotation says. */
final class StructConverter extends GroupConverter {

  private enum Kind {
    STRUCT,
    LIST,
    MAP
  }

  private final GroupType type;
  private final Kind kind;
  private final Assembly assembly;
  private final List<String> names;
  private final Converter[] converters;
  private final Consumer<@Nullable Object> parent;
  private @Nullable Object[] values = new Object[0];

  StructConverter(
      GroupType type,
      Assembly assembly,
      OldCalendar oldCalendar,
      Consumer<@Nullable Object> parent) {
    this.type = type;
    this.kind = kind(type);
    this.assembly = assembly;
    this.parent = parent;
    this.names = type.getFields().stream().map(Type::getName).toList();
    this.converters = new Converter[type.getFieldCount()];
    for (int i = 0; i < converters.length; i++) {
      int place = i;
      boolean repeated = type.getType(i).isRepetition(Repetition.REPEATED);
      Consumer<@Nullable Object> into = node -> put(place, repeated, node);
      converters[i] =
          type.getType(i).isPrimitive()
              ? new ScalarConverter(
                  Decoders.of(type.getType(i).asPrimitiveType(), oldCalendar), assembly, into)
              : new StructConverter(type.getType(i).asGroupType(), assembly, oldCalendar, into);
    }
  }

  private static Kind kind(GroupType type) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    boolean one = type.getFieldCount() == 1 && type.getType(0).isRepetition(Repetition.REPEATED);
    if (one && logical instanceof ListLogicalTypeAnnotation) {
      return Kind.LIST;
    }
    boolean map =
        logical instanceof MapLogicalTypeAnnotation || logical instanceof MapKeyValueTypeAnnotation;
    boolean pairs =
        one && !type.getType(0).isPrimitive() && type.getType(0).asGroupType().getFieldCount() == 2;
    return map && pairs ? Kind.MAP : Kind.STRUCT;
  }

  private void put(int place, boolean repeated, @Nullable Object node) {
    if (!repeated) {
      values[place] = node;
      return;
    }
    @SuppressWarnings("unchecked")
    List<@Nullable Object> list = (List<@Nullable Object>) values[place];
    if (list == null) {
      list = new ArrayList<>();
      values[place] = list;
    }
    list.add(node);
  }

  @Override
  public Converter getConverter(int fieldIndex) {
    return converters[fieldIndex];
  }

  @Override
  public void start() {
    values = new Object[converters.length];
  }

  @Override
  public void end() {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null && type.getType(i).isRepetition(Repetition.REPEATED)) {
        values[i] = List.of();
      }
    }
    // Counted also without a value in it: a page can say in a few bytes that there are millions.
    if (assembly.take(4 * values.length)) {
      parent.accept(
          switch (kind) {
            case STRUCT -> new Struct(names, values);
            case LIST -> list((List<?>) values[0]);
            case MAP -> map((List<?>) values[0]);
          });
    }
    values = new Object[0];
  }

  /** The format's rules for lists of three levels, and those of before with two. */
  private Object list(@Nullable List<?> elements) {
    Type repeated = type.getType(0);
    boolean wrapped =
        !repeated.isPrimitive()
            && repeated.asGroupType().getFieldCount() == 1
            && !repeated.asGroupType().getType(0).isRepetition(Repetition.REPEATED)
            && !repeated.getName().equals("array")
            && !repeated.getName().equals(type.getName() + "_tuple");
    List<@Nullable Object> list = new ArrayList<>();
    for (Object each : elements == null ? List.of() : elements) {
      list.add(wrapped && each instanceof Struct struct ? struct.values()[0] : each);
    }
    return list;
  }

  private static Object map(@Nullable List<?> pairs) {
    List<String> keys = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    for (Object each : pairs == null ? List.of() : pairs) {
      if (each instanceof Struct pair) {
        keys.add(JsonTree.key(pair.values()[0]));
        values.add(pair.values()[1]);
      }
    }
    return new Entries(keys, values);
  }

  /** A single value, as JSON text at once. */
  private static final class ScalarConverter extends PrimitiveConverter {

    private final Decoder decoder;
    private final Assembly assembly;
    private final Consumer<@Nullable Object> parent;
    private final RecordBatch one;

    ScalarConverter(Decoder decoder, Assembly assembly, Consumer<@Nullable Object> parent) {
      this.decoder = decoder;
      this.assembly = assembly;
      this.parent = parent;
      this.one = new RecordBatch(Schema.of(decoder.field()), 1 << 16, 1);
    }

    private Column column() {
      one.clear();
      return one.column(0);
    }

    /** What is wrong stays in the value, which is kept among the dirty records. */
    private void failed(String wrong, RawValue rejected) {
      assembly.fail(decoder.field().name() + ": " + wrong);
      String text = JsonTree.quoted(String.valueOf(rejected.text()));
      if (assembly.take(text.length())) {
        parent.accept(text);
      }
    }

    private void done(Column column) {
      String text = JsonTree.literal(column, 0);
      if (assembly.take(text.length())) {
        parent.accept(text);
      }
    }

    @Override
    public void addBinary(Binary value) {
      Column column = column();
      String wrong = decoder.binary(value, column);
      if (wrong == null) {
        done(column);
      } else {
        failed(wrong, decoder.rejected(value));
      }
    }

    @Override
    public void addBoolean(boolean value) {
      Column column = column();
      String wrong = decoder.bool(value, column);
      if (wrong == null) {
        done(column);
      } else {
        failed(wrong, decoder.rejected(value ? 1L : 0L));
      }
    }

    @Override
    public void addDouble(double value) {
      Column column = column();
      String wrong = decoder.real(value, column);
      if (wrong == null) {
        done(column);
      } else {
        failed(wrong, decoder.rejected(value));
      }
    }

    @Override
    public void addFloat(float value) {
      addDouble(value);
    }

    @Override
    public void addInt(int value) {
      Column column = column();
      String wrong = decoder.int32(value, column);
      if (wrong == null) {
        done(column);
      } else {
        failed(wrong, decoder.rejected((long) value));
      }
    }

    @Override
    public void addLong(long value) {
      Column column = column();
      String wrong = decoder.int64(value, column);
      if (wrong == null) {
        done(column);
      } else {
        failed(wrong, decoder.rejected(value));
      }
    }
  }
}
