package io.millrace.files.read;

import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.files.compress.Compression;
import io.millrace.files.format.FileInput;
import io.millrace.files.format.Format;
import io.millrace.files.option.Dialect;
import io.millrace.files.option.FileFormat;
import io.millrace.files.option.NameEnding;
import io.millrace.files.store.FileFault;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The format of the files that a task reads: what it says, else what their names end in. Of a task
 * of DataX that says nothing it is csv, whatever the names end in. Safe for use by several threads.
 */
public final class ReadFormats {

  private final @Nullable FileFormat stated;
  private final String compress;
  private final Dialect dialect;
  private final FileFormat usual;
  private final Function<FileFormat, Format> made;
  private final Map<FileFormat, Format> formats = new ConcurrentHashMap<>();

  /**
   * Makes the format that is likely at once, so that options that are wrong are told early.
   *
   * @param stated what the task says; null when it says nothing
   * @param compress the value of that option; empty when it is not given
   * @param usual of files whose names say nothing
   * @param made the format of a kind, with the task's settings
   */
  ReadFormats(
      @Nullable FileFormat stated,
      String compress,
      Dialect dialect,
      FileFormat usual,
      Function<FileFormat, Format> made) {
    this.stated = stated;
    this.compress = compress;
    this.dialect = dialect;
    this.usual = usual;
    this.made = made;
    format(stated != null ? stated : usual);
  }

  private Format format(FileFormat kind) {
    return formats.computeIfAbsent(kind, made);
  }

  private FileFormat kind(FileInput file) {
    FileFormat kind = told(file);
    String ending = NameEnding.otherCompression(file.file().name(), compress, kind);
    if (!ending.isEmpty() && dialect == Dialect.OWN) {
      throw refused(
          file.describe()
              + " ends in "
              + ending
              + ", and compress is "
              + compress
              + ": leave compress out, which goes by the ending, or give the file another name");
    }
    return kind;
  }

  private FileFormat told(FileInput file) {
    if (stated != null || dialect == Dialect.DATAX) {
      return stated != null ? stated : usual;
    }
    Optional<NameEnding> ending = NameEnding.of(file.file().name());
    if (ending.isEmpty()) {
      return usual;
    }
    FileFormat format = ending.get().format();
    if (format == null) {
      throw refused(
          file.describe()
              + " ends in "
              + ending.get().text()
              + ", which does not tell its format: give fileFormat, such as jsonl where each line"
              + " is a JSON object");
    }
    return format;
  }

  /** Compares the files of a task one by one, as it is read with one format. */
  final class Agreement {

    private final StageContext context;
    private @Nullable FileInput first;
    private @Nullable FileFormat kind;
    private boolean warned;
    private boolean warnedOfCompression;

    Agreement(StageContext context) {
      this.context = context;
    }

    /**
     * Takes the next file.
     *
     * @throws MillraceException when its name tells another format than those before
     */
    void add(FileInput file) {
      FileFormat own = kind(file);
      FileInput before = first;
      if (before == null) {
        first = file;
        kind = own;
      } else if (own != kind) {
        throw refused(
            "the names tell no one format: "
                + before.describe()
                + " would be read as "
                + word(kind)
                + ", "
                + file.describe()
                + " as "
                + word(own)
                + "; give fileFormat, or read one kind of them");
      }
      if (stated == null && dialect == Dialect.DATAX && !warned) {
        Optional<NameEnding> other =
            NameEnding.of(file.file().name()).filter(each -> !each.fits(own));
        other.ifPresent(
            each ->
                context
                    .log()
                    .warn(
                        file.describe()
                            + " is read as "
                            + word(own)
                            + ", as in DataX, though its name ends in "
                            + each.text()
                            + ": give fileFormat if that is not meant"));
        warned = other.isPresent();
      }
      String ending = NameEnding.otherCompression(file.file().name(), compress, own);
      if (!ending.isEmpty() && !warnedOfCompression) {
        warnedOfCompression = true;
        context
            .log()
            .warn(
                file.describe()
                    + " is read with compress "
                    + compress
                    + ", though its name ends in "
                    + ending
                    + ": leave compress out if that is not meant");
      }
    }
  }

  /**
   * The format of a file, after a look at what a zip calls the file in it.
   *
   * @throws MillraceException when the name ends in what is none of the formats
   * @throws IOException when the name in the zip tells another one
   */
  Format of(FileInput file) throws IOException {
    FileFormat kind = kind(file);
    boolean looks = stated == null && dialect == Dialect.OWN;
    String inner = looks ? Compression.of(file.file().name()).inner(file) : "";
    Optional<NameEnding> other = NameEnding.of(inner).filter(each -> !each.fits(kind));
    if (other.isPresent()) {
      throw new FileFault(
          "the file in it ends in "
              + other.get().text()
              + ", and it would be read as "
              + word(kind)
              + ": give fileFormat");
    }
    return format(kind);
  }

  private static String word(@Nullable FileFormat kind) {
    return String.valueOf(kind).toLowerCase(Locale.ROOT);
  }

  private static MillraceException refused(String message) {
    return new MillraceException(StandardError.CONFIGURATION, message);
  }
}
