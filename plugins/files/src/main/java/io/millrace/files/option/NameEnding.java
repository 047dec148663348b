package io.millrace.files.option;

import io.millrace.files.compress.Compression;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the ending of a file's name says of the file's format.
 *
 * @param text with its dot, such as {@code .jsonl}
 * @param format null when it stands for a format that is none of {@link FileFormat}, or not for
 *     certain for one
 */
public record NameEnding(String text, @Nullable FileFormat format) {

  private static final Map<String, FileFormat> FORMATS =
      Map.of(
          "csv", FileFormat.CSV,
          "txt", FileFormat.TEXT,
          "jsonl", FileFormat.JSONL,
          "ndjson", FileFormat.JSONL,
          "parquet", FileFormat.PARQUET,
          "orc", FileFormat.ORC);

  /** Read as csv they give records, too, of nonsense; tsv, because a comma parts nothing there. */
  private static final List<String> OTHERS =
      List.of("tsv", "json", "xml", "avro", "xls", "xlsx", "html", "pdf", "tar", "tgz");

  /** Those of compressions that are neither read nor written. */
  private static final List<String> UNKNOWN =
      List.of("xz", "lz4", "lzo", "lzma", "br", "7z", "rar", "z");

  /**
   * The ending of a name, also where a number, that of a compression, or both come behind it.
   *
   * @param name of a file, with or without its folders
   * @return empty when it says nothing
   */
  public static Optional<NameEnding> of(String name) {
    String[] parts = name.substring(name.lastIndexOf('/') + 1).split("\\.", -1);
    for (int i = parts.length - 1; i > 0 && i >= parts.length - 3; i--) {
      String word = parts[i].toLowerCase(Locale.ROOT);
      FileFormat format = FORMATS.get(word);
      if (format != null || OTHERS.contains(word)) {
        return Optional.of(new NameEnding("." + parts[i], format));
      }
    }
    return Optional.empty();
  }

  /** The compression's own ending of a name, such as {@code .gz}; empty when it has none. */
  static String compression(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    boolean other = name.indexOf('.') >= 0 && UNKNOWN.contains(ending.toLowerCase(Locale.ROOT));
    return other || Compression.of(name) != Compression.NONE ? "." + ending : "";
  }

  /**
   * The ending of a name that stands for another compression than the one that is stated; empty
   * when it has none, or none is stated.
   *
   * @param stated the value of option compress
   * @param format of the files; parquet and orc tell their compression themselves
   */
  public static String otherCompression(String name, String stated, FileFormat format) {
    Compression compression = Compression.named(stated);
    boolean columnar = format == FileFormat.PARQUET || format == FileFormat.ORC;
    boolean any = compression != null && compression != Compression.NONE && !columnar;
    return any && Compression.of(name) != compression ? compression(name) : "";
  }

  /** Whether files of a format may have this ending. */
  public boolean fits(FileFormat other) {
    return format == other || (isDelimited(format) && isDelimited(other));
  }

  private static boolean isDelimited(@Nullable FileFormat format) {
    return format == FileFormat.CSV || format == FileFormat.TEXT;
  }
}
