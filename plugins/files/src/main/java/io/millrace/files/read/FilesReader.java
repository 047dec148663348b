package io.millrace.files.read;

import io.millrace.api.Counted;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Overlap;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.Reader;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.files.format.ColumnSource;
import io.millrace.files.format.Columns;
import io.millrace.files.format.FileInput;
import io.millrace.files.format.Format;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.StoredFile;
import io.millrace.files.write.TargetMark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads rows of files. */
public final class FilesReader implements Reader {

  /** Names that are told of many. */
  private static final int SHOWN = 3;

  private final ReadOptions options;
  private final FileStore store;
  private volatile @Nullable Columns columns;

  /**
   * @param store closed with the reader
   */
  public FilesReader(ReadOptions options, FileStore store) {
    this.options = options;
    this.store = store;
  }

  @Override
  public Schema schema(StageContext context) {
    return columns(context).schema();
  }

  private synchronized Columns columns(StageContext context) {
    Columns known = columns;
    if (known == null) {
      known = resolve(context);
      columns = known;
    }
    return known;
  }

  private Columns resolve(StageContext context) {
    List<ColumnSpec> asked = options.columns();
    boolean told = !asked.isEmpty() && asked.stream().allMatch(each -> each.field() != null);
    Schema found = told ? new Schema(List.of()) : discover(context);
    if (asked.isEmpty()) {
      List<ColumnSource> sources = new ArrayList<>();
      for (int i = 0; i < found.size(); i++) {
        sources.add(new ColumnSource(i, found.field(i).name(), null, null));
      }
      return new Columns(found, sources, true, options.nullWhenMissing());
    }
    List<Field> fields = new ArrayList<>();
    for (ColumnSpec each : asked) {
      Field field = each.field();
      fields.add(field != null ? field : field(each, found));
    }
    Columns columns =
        new Columns(
            new Schema(fields),
            asked.stream().map(ColumnSpec::source).toList(),
            false,
            options.nullWhenMissing());
    // A name that is wrong is told by check, not by the first split of a run.
    if (!columns.sources().stream().allMatch(ColumnSource::isConstant)) {
      first(context).ifPresent(file -> requireColumns(file, columns, context));
    }
    return columns;
  }

  private void requireColumns(FileInput file, Columns columns, StageContext context) {
    try {
      options.formats().of(file).requireColumns(file, columns);
    } catch (IOException e) {
      throw FileErrors.of(e, file.describe(), context.cancellation());
    }
  }

  /** The first file that holds anything. */
  private Optional<FileInput> first(StageContext context) {
    AtomicReference<StoredFile> first = new AtomicReference<>();
    files(context)
        .visit(
            file -> {
              if (file.size() > 0) {
                first.set(file);
              }
              return file.size() == 0;
            });
    return Optional.ofNullable(first.get())
        .map(file -> new FileInput(store, file, context.cancellation()));
  }

  private static Field field(ColumnSpec column, Schema found) {
    int index = column.source().index();
    if (index >= 0 && index < found.size()) {
      return found.field(index).withName(column.name());
    }
    return found.fields().stream()
        .filter(each -> each.name().equals(column.source().name()))
        .findFirst()
        .orElse(Field.of(column.name(), ColumnType.STRING));
  }

  /** How many files are asked for the type of a column that the first one has none for. */
  private static final int ASKED_FOR_TYPES = 100;

  /**
   * The columns of the first file that holds anything. A column that has nothing but NULL there
   * gets its type from the next file that has one.
   */
  private Schema discover(StageContext context) {
    FileInput input =
        first(context)
            .orElseThrow(
                () ->
                    new MillraceException(
                        StandardError.READ_REFUSED,
                        "no file with content matches "
                            + names()
                            + ", so its columns are not known: check the name, or give every column"
                            + " with its type"));
    try {
      Schema found = options.formats().of(input).discover(input);
      context.log().info("columns as in " + input.describe());
      return isComplete(found) ? found : completed(found, context);
    } catch (IOException e) {
      throw FileErrors.of(e, input.describe(), context.cancellation());
    }
  }

  private static boolean isComplete(Schema schema) {
    return schema.fields().stream().noneMatch(FilesReader::hasNoType);
  }

  private static boolean hasNoType(Field field) {
    return Format.NO_TYPE.equals(field.nativeType());
  }

  private Schema completed(Schema first, StageContext context) {
    List<Field> fields = new ArrayList<>(first.fields());
    int[] asked = new int[1];
    files(context)
        .visit(
            file -> {
              if (file.size() > 0) {
                complete(fields, new FileInput(store, file, context.cancellation()), context);
                asked[0]++;
              }
              return asked[0] < ASKED_FOR_TYPES && !isComplete(new Schema(fields));
            });
    return new Schema(fields);
  }

  private void complete(List<Field> fields, FileInput file, StageContext context) {
    try {
      Schema other = options.formats().of(file).discover(file);
      for (int i = 0; i < fields.size(); i++) {
        Field own = fields.get(i);
        if (!hasNoType(own)) {
          continue;
        }
        for (Field each : other.fields()) {
          if (each.name().equals(own.name()) && !hasNoType(each)) {
            fields.set(i, each);
            context.log().info("the type of column " + own.name() + " as in " + file.describe());
          }
        }
      }
    } catch (IOException e) {
      throw FileErrors.of(e, file.describe(), context.cancellation());
    }
  }

  private FileList files(StageContext context) {
    return new FileList(store, options.paths(), options.syntax(), context.cancellation());
  }

  private String names() {
    return options.paths().stream()
        .flatMap(each -> each.parts().stream())
        .map(store::describe)
        .collect(Collectors.joining(", "));
  }

  @Override
  public Overlap overlap(String mark, StageContext context) {
    return TargetMark.of(mark)
        .map(target -> new SourceOverlap(store, files(context)).with(target))
        .orElse(Overlap.NONE);
  }

  @Override
  public SplitPlan split(SplitRequest request, StageContext context) {
    List<StoredFile> files = new ArrayList<>();
    int[] empty = new int[1];
    FileList.Found found =
        files(context)
            .visit(
                file -> {
                  if (file.size() == 0) {
                    empty[0]++;
                  } else {
                    files.add(file);
                  }
                  return true;
                });
    if (files.isEmpty() && empty[0] == 0) {
      throw new MillraceException(
          StandardError.READ_REFUSED,
          "no file matches "
              + names()
              + (found.hidden() == 0
                  ? ": check the name, and whether this account may list them"
                  : " but hidden ones ("
                      + found.hidden()
                      + "), whose name or folder begins with . or _: name them"));
    }
    if (files.isEmpty()) {
      context
          .log()
          .warn(Counted.of(empty[0], "file is", "files are") + " empty: no record is read");
    }
    for (String idle : found.idle()) {
      context.log().warn("no file fits " + idle + ": nothing is read there");
    }
    SplitPlan plan =
        new SplitPlanner(options, store, request.channels(), context).plan(files, empty[0]);
    if (found.again().isEmpty()) {
      return plan;
    }
    // By a link, or because several of the task's names fit it.
    String once =
        Counted.of(found.again().size(), "was", "were")
            + " reached a second time, by a link or another name of the task, and read once: "
            + found.again().stream().limit(SHOWN).collect(Collectors.joining(", "))
            + (found.again().size() > SHOWN ? ", \u2026" : "");
    context.log().warn(once);
    return new SplitPlan(plan.splits(), plan.maxConcurrency(), plan.rule() + "; " + once);
  }

  @Override
  public SplitReader open(Split split, ReadContext context) {
    return new FilesSplitReader(
        SplitPieces.of(split), options.formats(), columns(context), store, context);
  }

  @Override
  public void close() {
    store.close();
  }
}
