package io.millrace.files.text;

import io.millrace.api.Sensitive;
import io.millrace.files.format.ColumnSource;
import io.millrace.files.format.Columns;
import io.millrace.files.format.FileInput;
import io.millrace.files.format.Piece;
import io.millrace.files.store.FileFault;
import io.millrace.files.text.TextSettings.HeaderLine;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out what the first record of a file says about its columns. Stateless. */
final class Header {

  /** A first record is no longer than this. */
  static final int MOST_BYTES = 1 << 22;

  private Header() {}

  /** The values of a file's first record; empty when the file has none. */
  static Optional<List<String>> firstRecord(
      FileInput file, TextSettings settings, @Nullable Columns columns) throws IOException {
    try (InputStream in = TextInput.open(file, Piece.whole(file.size()), settings)) {
      RecordScanner scanner = new RecordScanner(in, settings, 1, MOST_BYTES);
      while (scanner.next()) {
        if (!scanner.isComment() && !(settings.skipBlank() && scanner.isBlank())) {
          List<String> first = values(scanner);
          if (first.isEmpty() || isHeader(first, settings, columns)) {
            requireWhole(scanner);
          }
          return Optional.of(first);
        }
      }
      return Optional.empty();
    }
  }

  /**
   * Refuses a first record that is broken: a quote that is not closed in it would take the records
   * behind it for names.
   */
  static void requireWhole(RecordScanner scanner) throws IOException {
    String fault = scanner.fault();
    if (fault != null) {
      throw new IOException("its first record names the columns and is broken: " + fault);
    }
    for (int i = 0; i < scanner.fields(); i++) {
      if (!Utf8.isValid(scanner.bytes(), scanner.offset(i), scanner.length(i))) {
        throw new FileFault("its first record names the columns and " + ValueParsers.NOT_UTF8);
      }
    }
  }

  /** The names in the header of a file; empty when it has none. */
  static List<String> names(FileInput file, Columns columns, TextSettings settings)
      throws IOException {
    boolean asked = columns.sources().stream().anyMatch(ColumnSource::isByName);
    if (!asked && settings.headerLine() == HeaderLine.FALSE) {
      return List.of();
    }
    return firstRecord(file, settings, columns)
        .filter(first -> isHeader(first, settings, columns))
        .orElse(List.of());
  }

  static List<String> values(RecordScanner scanner) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < scanner.fields(); i++) {
      values.add(scanner.text(i).strip());
    }
    return values;
  }

  /** Whether a first record names the columns. */
  static boolean isHeader(List<String> first, TextSettings settings, @Nullable Columns columns) {
    boolean byName = columns != null && columns.sources().stream().anyMatch(ColumnSource::isByName);
    if (byName || settings.headerLine() == HeaderLine.TRUE) {
      return true;
    }
    return settings.headerLine() == HeaderLine.AUTO && looksLikeNames(first);
  }

  /** Distinct, none empty, none a number: a record of data is rarely all of that. */
  static boolean looksLikeNames(List<String> values) {
    Set<String> seen = new HashSet<>();
    for (String value : values) {
      boolean name = !value.isEmpty() && value.codePoints().anyMatch(Character::isLetter);
      if (!name || !Character.isJavaIdentifierStart(value.codePointAt(0)) || !seen.add(value)) {
        return false;
      }
    }
    return !values.isEmpty();
  }

  /**
   * The place of each column in a file, from 0; -1 for constants and for columns the file lacks.
   *
   * @param names of the file's columns; empty when it has no header
   */
  static int[] places(Columns columns, List<String> names) throws IOException {
    int[] places = new int[columns.sources().size()];
    List<ColumnSource> inFile = columns.sources().stream().filter(s -> !s.isConstant()).toList();
    // A header may name two columns alike, as long as every file has the same one.
    boolean same = names.isEmpty() || names.equals(inFile.stream().map(s -> s.name()).toList());
    for (int i = 0; i < places.length; i++) {
      ColumnSource source = columns.sources().get(i);
      places[i] = source.index();
      String name = source.name();
      if (source.isByName() || (columns.all() && !same && !source.isConstant())) {
        places[i] = names.indexOf(name);
        if (names.lastIndexOf(name) != places[i]) {
          throw new FileFault(
              "its header names two columns '" + Sensitive.name(name) + "': go by index");
        }
        if (places[i] < 0 && !columns.nullWhenMissing()) {
          throw new FileFault(
              "it has no column '"
                  + Sensitive.name(name)
                  + "'; its first record, the header, names "
                  + Sensitive.mark(shown(names))
                  + ": check the name, or give each column its index if there is no header");
        }
      }
    }
    if (columns.all() && !columns.nullWhenMissing() && names.size() > inFile.size()) {
      List<String> more = new ArrayList<>(names);
      columns.sources().forEach(each -> more.remove(each.name()));
      throw new FileFault(
          "it has the column '"
              + Sensitive.name(more.get(0))
              + "', which the first file lacks: name the columns");
    }
    return places;
  }

  private static String shown(List<String> names) {
    String all = String.join(", ", names);
    return all.length() > 300 ? all.substring(0, 300) + "…" : all;
  }
}
