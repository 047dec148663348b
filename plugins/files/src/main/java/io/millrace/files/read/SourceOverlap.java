package io.millrace.files.read;

import io.millrace.api.TaskForm;
import io.millrace.api.read.Overlap;
import io.millrace.files.option.Dialect;
import io.millrace.files.store.FileStore;
import io.millrace.files.write.TargetMark;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether a task reads what it writes. An instance plans its files before it publishes any, so it
 * does not read its own; but the next one would, and so would one that starts from scratch when
 * half of the files were published; and truncate would remove what was read.
 *
 * @param files the ones that are read
 */
record SourceOverlap(FileStore store, FileList files) {

  private static final PathSyntax WRITTEN = PathSyntax.of(TaskForm.OWN, Dialect.OWN);

  Overlap with(TargetMark mark) {
    if (!mark.place().name().equals(store.place().name())) {
      return Overlap.NONE;
    }
    List<Glob> globs = files.globs();
    String sure = taken(mark, globs, false);
    if (sure == null) {
      sure = removed(mark, globs);
    }
    if (sure == null) {
      String unsure = taken(mark, globs, true);
      return unsure == null
          ? Overlap.NONE
          : new Overlap(Overlap.Kind.POSSIBLE, "the task may read what it writes: " + unsure);
    }
    String advice =
        "; write into another folder, or under names that are not among those that are read";
    if (mark.place().equals(store.place())) {
      return new Overlap(Overlap.Kind.CERTAIN, "the task reads what it writes: " + sure + advice);
    }
    return new Overlap(
        Overlap.Kind.POSSIBLE,
        "if the buckets at "
            + mark.place().where()
            + " and "
            + store.place().where()
            + " are one, the task reads what it writes: "
            + sure);
  }

  /** Why files that are written would be among those that are read, or null. */
  private @Nullable String taken(TargetMark mark, List<Glob> globs, boolean values) {
    Glob written = Glob.of(mark.pattern(values), WRITTEN).withoutFolders();
    for (Glob glob : globs) {
      Glob real = glob.renamed(store::realName);
      if (!real.passesOver(mark.sample()) && written.meets(real)) {
        return store.describe(glob.text())
            + " takes files such as "
            + store.describe(mark.sample());
      }
    }
    return null;
  }

  /**
   * Why truncate would remove files that are read, or files are written beside them by a link; null
   * where they do not.
   */
  private @Nullable String removed(TargetMark mark, List<Glob> globs) {
    String target = mark.target().prefix();
    boolean apart =
        store.isFlat()
            && (!mark.truncates()
                || globs.stream()
                    .noneMatch(
                        glob ->
                            glob.prefix().startsWith(target) || target.startsWith(glob.prefix())));
    if (apart) {
      return null;
    }
    String sample = mark.sample();
    String file = sample.substring(sample.lastIndexOf('/') + 1);
    AtomicReference<@Nullable String> why = new AtomicReference<>();
    files.visit(
        found -> {
          String name = found.name();
          String real = store.realName(name);
          if (mark.truncates() && mark.target().covers(real)) {
            why.set("truncate would remove " + store.describe(name) + ", which is read");
          }
          String beside = name.substring(0, name.lastIndexOf('/') + 1) + file;
          boolean written =
              !real.equals(name)
                  && store.realName(beside).equals(sample)
                  && globs.stream().anyMatch(glob -> glob.matches(beside));
          if (written) {
            why.set("by a link " + store.describe(beside) + " would be written and read");
          }
          return why.get() == null;
        });
    return why.get();
  }
}
