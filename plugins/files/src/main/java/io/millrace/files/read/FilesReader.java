package io.millrace.files.read;

import io.millrace.api.Counted;
import io.millrace.api.Sensitive;
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
import java.util.Locale;
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
  private volatile @Nullable FolderColumns columns;

  /**
   * @param store closed with the reader
   */
  public FilesReader(ReadOptions options, FileStore store) {
    this.options = options;
    this.store = store;
  }

  @Override
  public Schema schema(StageContext context) {
    return columns(context).columns().schema();
  }

  private synchronized FolderColumns columns(StageContext context) {
    FolderColumns known = columns;
    if (known == null) {
      known = resolve(context);
      columns = known;
    }
    return known;
  }

  private FolderColumns resolve(StageContext context) {
    List<ColumnSpec> asked = options.columns();
    List<ColumnSpec> behind = new ArrayList<>(options.partitionColumns());
    asked.forEach(each -> partition(each).ifPresent(behind::remove));
    boolean told =
        !asked.isEmpty()
            && asked.stream().allMatch(each -> each.field() != null || partition(each).isPresent());
    Schema found = told ? new Schema(List.of()) : discover(context);
    if (asked.isEmpty()) {
      List<ColumnSource> sources = new ArrayList<>();
      for (int i = 0; i < found.size(); i++) {
        sources.add(new ColumnSource(i, found.field(i).name(), null, null));
      }
      Schema named =
          hasNames(found, sources, context)
              ? found.withStar(new Schema.Star(List.of(), List.of()))
              : found;
      Columns all = new Columns(named, sources, true, options.nullWhenMissing());
      FolderColumns columns = FolderColumns.behind(all, behind);
      requireFolders(columns, context);
      return columns;
    }
    List<Field> fields = new ArrayList<>();
    List<ColumnSource> sources = new ArrayList<>();
    List<@Nullable String> folders = new ArrayList<>();
    for (ColumnSpec each : asked) {
      ColumnSpec partition = partition(each).orElse(null);
      Field own = each.field();
      if (partition == null) {
        fields.add(own != null ? own : field(each, found));
        sources.add(each.source());
      } else {
        ColumnSpec typed = own == null ? partition : each;
        fields.add(FolderColumns.field(typed));
        sources.add(FolderColumns.source(typed));
      }
      folders.add(partition == null ? null : partition.name());
    }
    behind.forEach(each -> folders.add(each.name()));
    Columns named = new Columns(new Schema(fields), sources, false, options.nullWhenMissing());
    FolderColumns columns =
        new FolderColumns(FolderColumns.behind(named, behind).columns(), folders);
    // A name that is wrong is told by check, not by the first split of a run.
    if (!named.sources().stream().allMatch(ColumnSource::isConstant)) {
      first(context).ifPresent(file -> requireColumns(file, columns.columns(), context));
    }
    requireFolders(columns, context);
    return columns;
  }

  /** Whether the columns have names in the files, by which a target can tell them apart. */
  private boolean hasNames(Schema found, List<ColumnSource> sources, StageContext context) {
    Columns all = new Columns(found, sources, true, options.nullWhenMissing());
    FileInput file = first(context).orElseThrow();
    try {
      List<String> names = options.formats().of(file).names(file, all);
      return !names.isEmpty()
          && names.stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct().count()
              == names.size();
    } catch (IOException e) {
      throw FileErrors.of(e, file.describe(), context.cancellation());
    }
  }

  /** The column of a folder that an entry of {@code column} names. */
  private Optional<ColumnSpec> partition(ColumnSpec asked) {
    return options.partitionColumns().stream()
        .filter(each -> asked.source().isByName() && each.name().equals(asked.name()))
        .findFirst();
  }

  /** Whether the first file lies in the folders, and has no columns of their names itself. */
  private void requireFolders(FolderColumns columns, StageContext context) {
    if (!options.partitionColumns().isEmpty()) {
      first(context).ifPresent(file -> requireFolders(file, columns, context));
    }
  }

  private void requireFolders(FileInput file, FolderColumns columns, StageContext context) {
    columns.in(file);
    try {
      for (String own : options.formats().of(file).names(file, columns.columns())) {
        for (ColumnSpec each : options.partitionColumns()) {
          if (own.equalsIgnoreCase(each.name())) {
            throw new MillraceException(
                StandardError.CONFIGURATION,
                "option 'partitionColumns': "
                    + file.describe()
                    + " has a column '"
                    + Sensitive.name(own)
                    + "' of its own: leave it out of partitionColumns, which reads that of the"
                    + " file");
          }
        }
      }
    } catch (IOException e) {
      throw FileErrors.of(e, file.describe(), context.cancellation());
    }
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
    if (!options.partitionColumns().isEmpty()) {
      // Told before anything is read, and not hours later by the split that has the file.
      FolderColumns columns = columns(context);
      files.forEach(each -> columns.in(new FileInput(store, each, context.cancellation())));
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
