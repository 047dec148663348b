package io.millrace.files.orc;

import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.columnar.Assembly;
import io.millrace.files.columnar.JsonTree;
import io.millrace.files.columnar.JsonTree.Entries;
import io.millrace.files.columnar.JsonTree.Struct;
import java.util.ArrayList;
import java.util.List;
import org.apache.orc.TypeDescription;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.apache.orc.storage.ql.exec.vector.ListColumnVector;
import org.apache.orc.storage.ql.exec.vector.MapColumnVector;
import org.apache.orc.storage.ql.exec.vector.StructColumnVector;
import org.apache.orc.storage.ql.exec.vector.UnionColumnVector;
import org.jspecify.annotations.Nullable;

/** Puts nested values together. Used by one thread. */
abstract class OrcJson {

  private final Assembly assembly;

  private OrcJson(Assembly assembly) {
    this.assembly = assembly;
  }

  static OrcJson of(TypeDescription type, Assembly assembly) {
    List<TypeDescription> children = type.getChildren();
    List<OrcJson> parts = new ArrayList<>();
    for (TypeDescription each : children == null ? List.<TypeDescription>of() : children) {
      parts.add(of(each, assembly));
    }
    return switch (type.getCategory()) {
      case LIST -> new ListJson(parts.get(0), assembly);
      case MAP -> new MapJson(parts.get(0), parts.get(1), assembly);
      case STRUCT -> new StructJson(type.getFieldNames(), parts, assembly);
      case UNION -> new UnionJson(parts, assembly);
      default -> new Scalar(type, assembly);
    };
  }

  /** The node of a value; null for NULL, and when something is wrong, as the assembly says. */
  final @Nullable Object node(ColumnVector vector, int row) {
    int own = vector.isRepeating ? 0 : row;
    if ((!vector.noNulls && vector.isNull[own]) || !assembly.take(0)) {
      return null;
    }
    return value(vector, own);
  }

  /** What a damaged file says of a list is looked at by nobody else. */
  private static void requirePart(int from, long length, int count) {
    if (from < 0 || length < 0 || length > count - from) {
      throw new IndexOutOfBoundsException(
          "a list of " + length + " values where there are " + count);
    }
  }

  abstract @Nullable Object value(ColumnVector vector, int row);

  private static final class Scalar extends OrcJson {

    private final OrcSources.Decoder decoder;
    private final RecordBatch one;
    private final Assembly assembly;

    Scalar(TypeDescription type, Assembly assembly) {
      super(assembly);
      Field field = OrcTypes.field("value", type);
      this.assembly = assembly;
      this.decoder = OrcSources.of(type, field);
      this.one = new RecordBatch(Schema.of(field), 1 << 16, 1);
    }

    @Override
    @Nullable Object value(ColumnVector vector, int row) {
      one.clear();
      String wrong = decoder.append(vector, row, one.column(0));
      if (wrong != null) {
        assembly.fail(wrong);
        Field field = one.column(0).field();
        RawValue rejected = OrcSources.rejected(field, vector, row);
        return JsonTree.quoted(String.valueOf(rejected.text()));
      }
      String text = JsonTree.literal(one.column(0), 0);
      return assembly.take(text.length()) ? text : null;
    }
  }

  private static final class ListJson extends OrcJson {

    private final OrcJson element;

    ListJson(OrcJson element, Assembly assembly) {
      super(assembly);
      this.element = element;
    }

    @Override
    Object value(ColumnVector vector, int row) {
      ListColumnVector list = (ListColumnVector) vector;
      List<@Nullable Object> nodes = new ArrayList<>();
      int from = (int) list.offsets[row];
      requirePart(from, list.lengths[row], list.childCount);
      for (int i = from; i < from + list.lengths[row] && super.assembly.fault() == null; i++) {
        nodes.add(element.node(list.child, i));
      }
      return nodes;
    }
  }

  private static final class MapJson extends OrcJson {

    private final OrcJson key;
    private final OrcJson value;

    MapJson(OrcJson key, OrcJson value, Assembly assembly) {
      super(assembly);
      this.key = key;
      this.value = value;
    }

    @Override
    Object value(ColumnVector vector, int row) {
      MapColumnVector map = (MapColumnVector) vector;
      List<String> keys = new ArrayList<>();
      List<@Nullable Object> values = new ArrayList<>();
      int from = (int) map.offsets[row];
      requirePart(from, map.lengths[row], map.childCount);
      for (int i = from; i < from + map.lengths[row] && super.assembly.fault() == null; i++) {
        keys.add(JsonTree.key(key.node(map.keys, i)));
        values.add(value.node(map.values, i));
      }
      return new Entries(keys, values);
    }
  }

  private static final class StructJson extends OrcJson {

    private final List<String> names;
    private final List<OrcJson> parts;

    StructJson(List<String> names, List<OrcJson> parts, Assembly assembly) {
      super(assembly);
      this.names = names;
      this.parts = parts;
    }

    @Override
    Object value(ColumnVector vector, int row) {
      StructColumnVector struct = (StructColumnVector) vector;
      @Nullable Object[] values = new Object[parts.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = parts.get(i).node(struct.fields[i], row);
      }
      return new Struct(names, values);
    }
  }

  private static final class UnionJson extends OrcJson {

    private final List<OrcJson> parts;

    UnionJson(List<OrcJson> parts, Assembly assembly) {
      super(assembly);
      this.parts = parts;
    }

    @Override
    @Nullable Object value(ColumnVector vector, int row) {
      UnionColumnVector union = (UnionColumnVector) vector;
      int tag = union.tags[row];
      return parts.get(tag).node(union.fields[tag], row);
    }
  }
}
