package io.millrace.files.option;

import io.millrace.api.option.Options;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The format of the files that a task writes: what it says, else what their names end in. Of a task
 * of DataX that says nothing it is text, whatever the names end in.
 *
 * @param remarks where a name says something else
 */
public record WriteKind(FileFormat format, List<String> remarks) {

  public WriteKind {
    remarks = List.copyOf(remarks);
  }

  /**
   * Reads it.
   *
   * @param base what names begin with
   * @param end what they end in, as far as the task says
   * @throws io.millrace.api.error.MillraceException when files would not be what their names say
   */
  public static WriteKind of(Options options, Dialect dialect, String base, String end) {
    Optional<FileFormat> stated = options.find(FormatOptions.FILE_FORMAT);
    FileFormat kind = stated.orElse(dialect == Dialect.DATAX ? FileFormat.TEXT : FileFormat.CSV);
    List<NameEnding> endings =
        stated.isPresent()
            ? List.of()
            : Stream.of(base, end)
                .distinct()
                .flatMap(each -> NameEnding.of(each).stream())
                .toList();
    if (dialect == Dialect.OWN && !endings.isEmpty()) {
      FileFormat told = endings.get(0).format();
      kind = told != null ? told : kind;
    }
    FileFormat format = kind;
    Optional<String> other =
        endings.stream()
            .filter(each -> !each.fits(format))
            .findFirst()
            .map(each -> told(format, "", each.text(), "fileFormat"))
            .or(
                () ->
                    Stream.of(end, base)
                        .flatMap(each -> compressed(options, format, each).stream())
                        .findFirst());
    if (other.isPresent() && dialect == Dialect.OWN) {
      throw FormatOptions.wrong(other.get());
    }
    return new WriteKind(format, other.stream().toList());
  }

  /** The reader takes such an ending for compressed, in that way. */
  private static Optional<String> compressed(Options options, FileFormat format, String name) {
    String stated = options.find(FormatOptions.COMPRESS).orElse("").strip();
    boolean columnar = format == FileFormat.PARQUET || format == FileFormat.ORC;
    if (!stated.isEmpty()) {
      String other = NameEnding.otherCompression(name, stated, format);
      return other.isEmpty()
          ? Optional.empty()
          : Optional.of(told(format, " with compress " + stated, other, "the one it stands for"));
    }
    String ending = NameEnding.compression(name);
    return columnar || ending.isEmpty()
        ? Optional.empty()
        : Optional.of(told(format, " without compression", ending, "compress (or none for it)"));
  }

  private static String told(FileFormat format, String how, String ending, String option) {
    return "the files are written as "
        + format.name().toLowerCase(Locale.ROOT)
        + how
        + ", and a name ends in "
        + ending
        + ": give "
        + option
        + " or another name";
  }
}
