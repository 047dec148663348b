package io.millrace.kafka.read;

import static io.millrace.kafka.read.Window.wrong;

import io.millrace.api.option.Escapes;
import io.millrace.api.option.Options;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.kafka.read.DeclaredOptions.DataFormat;
import io.millrace.kafka.value.BinaryType;
import io.millrace.kafka.value.DelimitedFields;
import io.millrace.kafka.value.FieldParser;
import io.millrace.kafka.value.JsonFields;
import io.millrace.kafka.value.NumberUnit;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a message becomes a record. Immutable.
 *
 * @param items the columns in order
 * @param types what keys and values are
 * @param text how the value is cut
 * @param charset of keys and values
 * @param headerCharset of headers
 */
record Layout(List<Item> items, Types types, Text text, Charset charset, Charset headerCharset) {

  /**
   * One column.
   *
   * @param unit what a number counts, in a TIMESTAMP
   */
  record Item(Field field, ColumnSource source, NumberUnit unit) {}

  /** What keys and values are. */
  record Types(BinaryType key, BinaryType value) {}

  /** How the value is cut. */
  record Text(DataFormat format, String delimiter, @Nullable String nullText) {}

  static Layout of(Options options) {
    Types types =
        new Types(options.get(DeclaredOptions.KEY_TYPE), options.get(DeclaredOptions.VALUE_TYPE));
    DataFormat format = options.get(DeclaredOptions.DATA_FORMAT);
    List<Item> items =
        new ColumnParser(
                types.key(),
                types.value(),
                format == DataFormat.JSON,
                options
                    .find(DeclaredOptions.TIME_STAMP_UNIT)
                    .map(unit -> new NumberUnit(unit.micros, true))
                    .orElse(NumberUnit.KAFKAS_OWN))
            .parse(options.find(DeclaredOptions.COLUMN).orElse(null));
    String delimiter = Escapes.read("fieldDelimiter", options.get(DeclaredOptions.FIELD_DELIMITER));
    if (delimiter.isEmpty()) {
      throw wrong("option 'fieldDelimiter' is empty");
    }
    for (Item item : items) {
      if (format == DataFormat.JSON
          && item.source() instanceof ColumnSource.Data data
          && data.path().isEmpty()) {
        throw wrong("option 'column': an index is for dataFormat text and csv; give a name");
      }
    }
    return new Layout(
        List.copyOf(items),
        types,
        new Text(format, delimiter, options.find(DeclaredOptions.NULL_FORMAT).orElse(null)),
        ReaderOptions.charset(options, DeclaredOptions.ENCODING),
        ReaderOptions.charset(options, DeclaredOptions.HEADER_ENCODING));
  }

  Schema schema() {
    return new Schema(items.stream().map(Item::field).toList());
  }

  /** For each column the field of the value that it is, or -1. */
  int[] dataFields() {
    int[] fields = new int[items.size()];
    int next = 0;
    for (int i = 0; i < fields.length; i++) {
      fields[i] = items.get(i).source() instanceof ColumnSource.Data ? next++ : -1;
    }
    return fields;
  }

  /** A parser that finds the fields of {@link #dataFields()}. */
  FieldParser parser(int maxValueBytes) {
    List<List<Object>> paths = new ArrayList<>();
    List<Integer> indexes = new ArrayList<>();
    List<Boolean> quoted = new ArrayList<>();
    for (Item item : items) {
      if (item.source() instanceof ColumnSource.Data data) {
        paths.add(data.path());
        indexes.add(data.index());
        quoted.add(item.field().type() == ColumnType.JSON);
      }
    }
    return text.format() == DataFormat.JSON
        ? new JsonFields(paths, quoted, maxValueBytes)
        : new DelimitedFields(
            indexes, text.delimiter(), text.format() == DataFormat.CSV, text.nullText());
  }
}
