package io.millrace.files.columnar;

import io.millrace.api.Counted;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.Sensitive;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.Column;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.format.ColumnSource;
import io.millrace.files.format.Columns;
import io.millrace.files.format.RawValues;
import io.millrace.files.store.FileFault;
import io.millrace.files.text.TextConversion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which columns of one file are delivered where. Stateless. */
public final class Plan {

  /** The place of a column that the file is not asked for, or does not have. */
  public static final int ABSENT = -1;

  private Plan() {}

  /**
   * The place of each delivered column in a file.
   *
   * @param names the file's columns, in order
   * @throws IOException when the file lacks one, or has more than it should
   */
  public static int[] places(Columns columns, List<String> names) throws IOException {
    int[] places = new int[columns.sources().size()];
    for (int i = 0; i < places.length; i++) {
      ColumnSource source = columns.sources().get(i);
      if (source.isConstant()) {
        places[i] = ABSENT;
      } else if (source.name() != null) {
        places[i] = byName(source.name(), source.index(), names, columns.nullWhenMissing());
      } else if (source.index() < names.size() || columns.nullWhenMissing()) {
        places[i] = source.index() < names.size() ? source.index() : ABSENT;
      } else {
        throw new FileFault(
            "it has "
                + Counted.of(names.size(), "column", "columns")
                + ", and one with index "
                + source.index()
                + " is wanted (missingColumns: null reads NULL instead)");
      }
    }
    requireApart(columns, places, names);
    if (columns.all()) {
      requireNoMore(places, names);
    }
    return places;
  }

  /** Two columns whose names differ in case only must not both be the one that a file has. */
  private static void requireApart(Columns columns, int[] places, List<String> names)
      throws IOException {
    String[] claims = new String[names.size()];
    for (int i = 0; i < places.length; i++) {
      String name = columns.sources().get(i).name();
      if (places[i] == ABSENT || name == null) {
        continue;
      }
      String other = claims[places[i]];
      if (other != null && !other.equals(name)) {
        throw new FileFault(
            "its column '"
                + Sensitive.name(names.get(places[i]))
                + "' would be both '"
                + Sensitive.name(other)
                + "' and '"
                + Sensitive.name(name)
                + "': it lacks one of them");
      }
      claims[places[i]] = name;
    }
  }

  private static int byName(String name, int hint, List<String> names, boolean nullWhenMissing)
      throws IOException {
    if (hint >= 0 && hint < names.size() && names.get(hint).equals(name)) {
      return hint;
    }
    int place = names.indexOf(name);
    if (place >= 0) {
      return place;
    }
    List<Integer> alike = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        alike.add(i);
      }
    }
    if (alike.size() == 1) {
      return alike.get(0);
    }
    if (nullWhenMissing && alike.isEmpty()) {
      return ABSENT;
    }
    if (alike.size() > 1) {
      throw new FileFault(
          "it has several columns that are like '"
              + Sensitive.name(name)
              + "': write the name as it has it");
    }
    throw new FileFault(
        "it has no column '"
            + Sensitive.name(name)
            + "'; it has "
            + shown(names)
            + " (missingColumns: null reads NULL instead)");
  }

  private static void requireNoMore(int[] places, List<String> names) throws IOException {
    boolean[] used = new boolean[names.size()];
    for (int place : places) {
      if (place >= 0) {
        used[place] = true;
      }
    }
    for (int i = 0; i < used.length; i++) {
      if (!used[i]) {
        throw new FileFault(
            "it has a column '"
                + Sensitive.name(names.get(i))
                + "' that the first file does not have: name the wanted columns in option column");
      }
    }
  }

  private static String shown(List<String> names) {
    int most = Math.min(20, names.size());
    return Sensitive.names(names.subList(0, most)) + (names.size() > most ? ", …" : "");
  }

  /** The source of a column that no file is asked for, or that this one lacks. */
  public static ValueSource constant(Field target, ColumnSource source, ZoneId zone) {
    String constant = source.constant();
    if (constant == null) {
      return into -> {
        into.appendNull();
        return null;
      };
    }
    Column parsed = new RecordBatch(Schema.of(target), 1 << 10, 1).column(0);
    String wrong = TextConversion.parse(constant, target, source.format(), zone, parsed);
    return new ValueSource() {
      @Override
      public @Nullable String next(Column into) {
        if (wrong == null) {
          into.appendFrom(parsed, 0);
        }
        return wrong;
      }

      @Override
      public RawValue rejected() {
        byte[] text = constant.getBytes(StandardCharsets.UTF_8);
        return RawValues.bytes("TEXT", text, 0, text.length);
      }
    };
  }

  /**
   * The values of a file's column, in the type in which they are delivered.
   *
   * @throws IOException when no value of the one type is one of the other
   */
  public static ValueSource delivered(
      FileColumn column, Field target, @Nullable String format, TaskContext task)
      throws IOException {
    try {
      return Conversions.of(column, target, format, task);
    } catch (IllegalArgumentException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION, "option 'column': " + target.name() + ": " + e.getMessage());
    }
  }
}
