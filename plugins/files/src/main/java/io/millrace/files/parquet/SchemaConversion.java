package io.millrace.files.parquet;

import io.millrace.files.store.FileFault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/** The schema as a footer has it, which is a list, and as a tree. Stateless. */
final class SchemaConversion {

  private static final int MAX_DEPTH = 100;

  private SchemaConversion() {}

  /** The tree of a footer's list. */
  static MessageType read(@Nullable List<SchemaElement> elements) throws IOException {
    if (elements == null || elements.isEmpty()) {
      throw new FileFault("its footer has no schema");
    }
    Walk walk = new Walk(elements);
    SchemaElement root = elements.get(0);
    if (elements.size() == 1) {
      throw new FileFault("it has no columns");
    }
    MessageType schema =
        new MessageType(root.getName(), walk.children(root.getNum_children(), MAX_DEPTH));
    if (walk.next != elements.size()) {
      throw new FileFault("its footer has a schema that does not add up");
    }
    Set<List<String>> paths = new HashSet<>();
    for (ColumnDescriptor column : schema.getColumns()) {
      if (!paths.add(List.of(column.getPath()))) {
        throw new IOException("it has two columns " + String.join(".", column.getPath()));
      }
    }
    return schema;
  }

  private static final class Walk {

    private final List<SchemaElement> elements;
    private int next = 1;

    Walk(List<SchemaElement> elements) {
      this.elements = elements;
    }

    List<Type> children(int count, int depth) throws IOException {
      if (count < 1 || count > elements.size() - next || depth == 0) {
        throw new FileFault("its footer has a schema that does not add up");
      }
      List<Type> children = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        children.add(child(depth));
      }
      return children;
    }

    private Type child(int depth) throws IOException {
      if (next == elements.size()) {
        throw new FileFault("its footer has a schema that does not add up");
      }
      SchemaElement element = elements.get(next++);
      if (element.getRepetition_type() == null || element.getName() == null) {
        throw new FileFault("its footer has a column without a name or repetition");
      }
      Repetition repetition = Repetition.valueOf(element.getRepetition_type().name());
      LogicalTypeAnnotation logical = LogicalTypes.read(element);
      try {
        if (element.getType() == null) {
          if (element.getNum_children() == 0) {
            throw new IOException(
                "its group '"
                    + element.getName()
                    + "' has no columns, which parquet does not know");
          }
          List<Type> children = children(element.getNum_children(), depth - 1);
          return Types.buildGroup(repetition)
              .addFields(children.toArray(Type[]::new))
              .as(logical)
              .named(element.getName());
        }
        PrimitiveTypeName primitive = primitive(element.getType());
        return Types.primitive(primitive, repetition)
            .length(element.getType_length())
            .as(logical)
            .named(element.getName());
      } catch (IllegalArgumentException | IllegalStateException e) {
        throw new IOException(
            "its column '" + element.getName() + "' has an impossible type: " + e.getMessage(), e);
      }
    }
  }

  /** The footer's list of a schema without groups. */
  static List<SchemaElement> write(MessageType schema) {
    List<SchemaElement> elements = new ArrayList<>();
    SchemaElement root = new SchemaElement(schema.getName());
    root.setNum_children(schema.getFieldCount());
    elements.add(root);
    for (Type field : schema.getFields()) {
      PrimitiveType type = field.asPrimitiveType();
      SchemaElement element = new SchemaElement(type.getName());
      element.setType(stored(type.getPrimitiveTypeName()));
      element.setRepetition_type(FieldRepetitionType.valueOf(type.getRepetition().name()));
      if (type.getTypeLength() > 0) {
        element.setType_length(type.getTypeLength());
      }
      LogicalTypes.write(type.getLogicalTypeAnnotation(), element);
      elements.add(element);
    }
    return elements;
  }

  /** What a logical type was called before there were logical types, or null. */
  @SuppressWarnings("deprecation") // what older readers understand
  static @Nullable ConvertedType converted(LogicalTypeAnnotation logical) {
    var original = logical.toOriginalType();
    return original == null ? null : ConvertedType.valueOf(original.name());
  }

  /** How footers call a stored type. */
  static org.apache.parquet.format.Type stored(PrimitiveTypeName type) {
    return type == PrimitiveTypeName.BINARY
        ? org.apache.parquet.format.Type.BYTE_ARRAY
        : org.apache.parquet.format.Type.valueOf(type.name());
  }

  private static PrimitiveTypeName primitive(org.apache.parquet.format.Type type) {
    return type == org.apache.parquet.format.Type.BYTE_ARRAY
        ? PrimitiveTypeName.BINARY
        : PrimitiveTypeName.valueOf(type.name());
  }
}
