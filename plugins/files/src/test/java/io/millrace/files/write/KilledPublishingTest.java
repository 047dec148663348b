package io.millrace.files.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Cancellation;
import io.millrace.api.option.Options;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.files.option.Dialect;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.LocalStore;
import io.millrace.files.store.RandomInput;
import io.millrace.files.store.StagedFile;
import io.millrace.files.store.StagedNames;
import io.millrace.files.store.StagedOutput;
import io.millrace.files.store.StorePlace;
import io.millrace.files.store.StoredFile;
import io.millrace.testkit.context.TestContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills publishing at each of the calls that it makes to a store, before and after the call is
 * carried out, and goes on as another process.
 */
class KilledPublishingTest {

  private static final Schema SCHEMA = Schema.of(Field.of("id", ColumnType.INT64));
  private static final List<String> GROUPS = List.of("t1", "t1", "t1", "t2", "t2");

  @TempDir Path directory;

  static Stream<Arguments> ways() {
    return Stream.of(false, true)
        .flatMap(
            after ->
                Stream.of("nothing", "header", "single", "compressed")
                    .map(what -> Arguments.of(what, after)));
  }

  @ParameterizedTest(name = "{0}, after the call: {1}")
  @MethodSource("ways")
  void whatIsJoinedIsWholeOrAbsentAndAResumeHasEachRowOnce(String what, boolean after)
      throws IOException {
    int calls = 0;
    boolean killed = true;
    while (killed) {
      calls++;
      Path folder = Files.createDirectory(directory.resolve("run" + calls));
      WriteOptions options = options(folder, what);
      Mortal mortal = new Mortal(new LocalStore());
      TestContext context = TestContext.create();
      WriteState state;
      List<SplitCommit> commits;
      try (Writer writer = new FilesWriter(options, mortal)) {
        writer.check(SCHEMA, context);
        state = writer.prepare(new WritePlan("i", 1, 1, SCHEMA), context);
        commits = write(writer, state, context);
        mortal.left = calls;
        mortal.after = after;
        try {
          writer.publish(state, commits, context);
          killed = false;
        } catch (Killed e) {
          assertWhole(folder, what);
        }
      }
      try (Writer next = new FilesWriter(options, new LocalStore())) {
        next.check(SCHEMA, context);
        WriteState taken = next.takeOver(state, 2, context);
        assertThat(next.commits(taken, context)).as("after call %d", calls).hasSize(GROUPS.size());
        next.publish(taken, commits, context);
        // And when it was killed before it could say so.
        assertThat(next.commits(taken, context)).hasSize(GROUPS.size());
        next.publish(taken, commits, context);
        next.forget(taken, context);
      }
      assertThat(rows(folder)).as("after call %d", calls).isEqualTo(expected(what));
      assertThat(folder.resolve(".millrace")).doesNotExist();
      assertThat(folder.resolve("out__old.csv")).doesNotExist();
    }
    assertThat(calls).isGreaterThan(15);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("whats")
  void joiningThatIsCancelledLeavesNothingToBeSeen(String what) throws IOException {
    WriteOptions options = options(directory, what);
    Mortal mortal = new Mortal(new LocalStore());
    TestContext context = TestContext.create();
    try (Writer writer = new FilesWriter(options, mortal)) {
      WriteState state = writer.prepare(new WritePlan("i", 1, 1, SCHEMA), context);
      List<SplitCommit> commits = write(writer, state, context);
      mortal.atAppend = () -> context.cancellation().cancel();
      assertThatThrownBy(() -> writer.publish(state, commits, context))
          .hasMessageContaining("the test has cancelled");
    }
    assertThat(rows(directory)).isEqualTo(Map.of("out__old.csv", "old\n"));
    assertThat(directory.resolve(".millrace/i-1/manifest")).doesNotExist();
  }

  static Stream<String> whats() {
    return Stream.of("header", "single");
  }

  private WriteOptions options(Path folder, String what) throws IOException {
    Files.writeString(folder.resolve("out__old.csv"), "old\n");
    Map<String, Object> raw = new HashMap<>();
    raw.put("writeMode", "truncate");
    raw.put("header", !what.equals("nothing"));
    raw.put("maxFileSize", 100);
    raw.put("compress", what.equals("compressed") ? "gzip" : "none");
    raw.put("writeSingleObject", what.equals("single"));
    if (what.equals("compressed")) {
      raw.put("suffix", ".csv");
    }
    Options.Checked checked = Options.check(WriteOptions.declared(), raw);
    assertThat(checked.problems()).isEmpty();
    return WriteOptions.of(
        checked.options(),
        TestContext.create().task(),
        Dialect.OWN,
        Target.of(folder + "/", "out", false));
  }

  private static List<SplitCommit> write(Writer writer, WriteState state, TestContext context) {
    List<SplitCommit> commits = new ArrayList<>();
    for (String group : GROUPS) {
      String id = "s" + commits.size();
      RecordBatch batch = new RecordBatch(SCHEMA, 1 << 20, 100);
      RecordView.append(batch, 0, (long) commits.size());
      try (SplitWriter split = writer.open(state, id, context.withGroup(group))) {
        split.write(batch);
        commits.add(split.commit(new SplitTally(1, 1, 0, 1, "")));
      }
    }
    return commits;
  }

  /** What is visible is whole, and what was there before goes only when all of it is. */
  private void assertWhole(Path folder, String what) throws IOException {
    Map<String, String> found = rows(folder);
    boolean old = found.remove("out__old.csv") != null;
    Map<String, String> expected = expected(what);
    assertThat(expected.entrySet()).containsAll(found.entrySet());
    assertThat(old || found.equals(expected)).isTrue();
  }

  private static Map<String, String> expected(String what) {
    String header = what.equals("nothing") ? "" : "id\n";
    return what.equals("single")
        ? Map.of("out", header + "0\n1\n2\n3\n4\n")
        : Map.of("out_t1.csv", header + "0\n1\n2\n", "out_t2.csv", header + "3\n4\n");
  }

  private static Map<String, String> rows(Path folder) throws IOException {
    Map<String, String> rows = new HashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        rows.put(file.getFileName().toString().replaceFirst("__[0-9a-f]{16}", ""), text(file));
      }
    }
    return rows;
  }

  private static String text(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    boolean gzip = bytes.length > 1 && bytes[0] == 0x1f && (bytes[1] & 0xff) == 0x8b;
    try (InputStream in =
        gzip
            ? new java.util.zip.GZIPInputStream(Files.newInputStream(file))
            : Files.newInputStream(file)) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  /** The end of a process: nothing that it would do afterwards is done. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** A store of a process that is killed at one of its calls. */
  private static final class Mortal implements FileStore {
    private final FileStore store;
    private int left = Integer.MAX_VALUE;
    private boolean after;
    private Runnable atAppend = () -> {};

    Mortal(FileStore store) {
      this.store = store;
    }

    interface Call<T, E extends Exception> {
      T make() throws E;
    }

    private <T, E extends Exception> T call(Call<T, E> call) throws E {
      if (left <= 0) {
        throw new Killed();
      }
      left--;
      if (left == 0 && !after) {
        throw new Killed();
      }
      T answer = call.make();
      if (left == 0) {
        throw new Killed();
      }
      return answer;
    }

    private <E extends Exception> void run(Call<?, E> call) throws E {
      Object unused = call(call);
    }

    @Override
    public String describe(String name) {
      return store.describe(name);
    }

    @Override
    public Iterator<StoredFile> list(String prefix, Cancellation cancellation) {
      return call(() -> store.list(prefix, cancellation));
    }

    @Override
    public Iterator<StoredFile> listFolder(String prefix, Cancellation cancellation) {
      return call(() -> store.listFolder(prefix, cancellation));
    }

    @Override
    public Optional<StoredFile> find(String name, Cancellation cancellation) {
      return call(() -> store.find(name, cancellation));
    }

    @Override
    public StorePlace place() {
      return store.place();
    }

    @Override
    public InputStream open(StoredFile file, long from, long to, Cancellation cancellation) {
      return call(() -> store.open(file, from, to, cancellation));
    }

    @Override
    public RandomInput random(StoredFile file, Cancellation cancellation) {
      return call(() -> store.random(file, cancellation));
    }

    @Override
    public StagedOutput stage(String name, String area, Cancellation cancellation) {
      return new Output(call(() -> store.stage(name, area, cancellation)));
    }

    @Override
    public void makeReadable(StagedFile staged, Cancellation cancellation) {
      run(
          () -> {
            store.makeReadable(staged, cancellation);
            return staged;
          });
    }

    @Override
    public void complete(StagedFile staged, Cancellation cancellation) {
      run(
          () -> {
            store.complete(staged, cancellation);
            return staged;
          });
    }

    @Override
    public boolean holds(StagedFile staged, Cancellation cancellation) {
      return call(() -> store.holds(staged, cancellation));
    }

    @Override
    public boolean isOfArea(StagedFile staged, String area) {
      return store.isOfArea(staged, area);
    }

    @Override
    public void abort(StagedFile staged, Cancellation cancellation) {
      run(
          () -> {
            store.abort(staged, cancellation);
            return staged;
          });
    }

    @Override
    public void delete(String name, Cancellation cancellation) {
      run(
          () -> {
            store.delete(name, cancellation);
            return name;
          });
    }

    @Override
    public void put(String name, byte[] content, Cancellation cancellation) {
      run(
          () -> {
            store.put(name, content, cancellation);
            return name;
          });
    }

    @Override
    public Optional<byte[]> get(String name, Cancellation cancellation) {
      return call(() -> store.get(name, cancellation));
    }

    @Override
    public void sweep(String area, StagedNames staged, Cancellation cancellation) {
      run(
          () -> {
            store.sweep(area, staged, cancellation);
            return area;
          });
    }

    /** Output of that process. */
    private final class Output extends StagedOutput {
      private final StagedOutput output;

      Output(StagedOutput output) {
        this.output = output;
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        run(
            () -> {
              output.write(bytes, offset, length);
              return bytes;
            });
      }

      @Override
      public void append(StagedFile part) throws IOException {
        atAppend.run();
        run(
            () -> {
              output.append(part);
              return part;
            });
      }

      @Override
      public long size() {
        return output.size();
      }

      @Override
      public StagedFile finish() throws IOException {
        return call(output::finish);
      }

      @Override
      public void close() {
        if (left > 0) {
          output.close();
        }
      }
    }
  }
}
