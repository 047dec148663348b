package io.millrace.files.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Cancellation;
import io.millrace.api.option.Options;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitRequest;
import io.millrace.files.option.Dialect;
import io.millrace.files.store.FileStore;
import io.millrace.files.store.RandomInput;
import io.millrace.files.store.StagedFile;
import io.millrace.files.store.StagedNames;
import io.millrace.files.store.StagedOutput;
import io.millrace.files.store.StorePlace;
import io.millrace.files.store.StoredFile;
import io.millrace.testkit.context.TestContext;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Plans for more files than anybody opens. */
class PlanningTest {

  private static final int OBJECTS = 100_000;

  /** A store that only lists. */
  private record Listed(List<StoredFile> files) implements FileStore {
    @Override
    public String describe(String name) {
      return name;
    }

    @Override
    public Iterator<StoredFile> list(String prefix, Cancellation cancellation) {
      return files.stream().filter(file -> file.name().startsWith(prefix)).iterator();
    }

    @Override
    public Optional<StoredFile> find(String name, Cancellation cancellation) {
      return files.stream().filter(file -> file.name().equals(name)).findFirst();
    }

    @Override
    public StorePlace place() {
      return StorePlace.LOCAL;
    }

    @Override
    public InputStream open(StoredFile file, long from, long to, Cancellation cancellation) {
      throw new UnsupportedOperationException();
    }

    @Override
    public RandomInput random(StoredFile file, Cancellation cancellation) {
      throw new UnsupportedOperationException();
    }

    @Override
    public StagedOutput stage(String name, String area, Cancellation cancellation) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void complete(StagedFile staged, Cancellation cancellation) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean holds(StagedFile staged, Cancellation cancellation) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOfArea(StagedFile staged, String area) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void abort(StagedFile staged, Cancellation cancellation) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void delete(String name, Cancellation cancellation) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void put(String name, byte[] content, Cancellation cancellation) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<byte[]> get(String name, Cancellation cancellation) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void sweep(String area, StagedNames staged, Cancellation cancellation) {
      throw new UnsupportedOperationException();
    }
  }

  private static SplitPlan plan(List<StoredFile> files, Map<String, Object> more, int channels) {
    TestContext context = TestContext.create();
    Map<String, Object> raw = new HashMap<>(more);
    raw.put("path", "data/*");
    raw.put("column", List.of(Map.of("index", 0, "type", "string")));
    Options options = Options.check(ReadOptions.declared(), raw).options();
    ReadOptions read = ReadOptions.of(options, context.task(), Dialect.OWN, name -> name);
    try (FilesReader reader = new FilesReader(read, new Listed(files))) {
      return reader.split(new SplitRequest(channels), context);
    }
  }

  @Test
  void aHundredThousandObjectsArePlannedInSecondsAndEachIsInOneSplit() {
    List<StoredFile> files =
        IntStream.range(0, OBJECTS)
            .mapToObj(i -> new StoredFile("data/object-" + i + ".csv", 1000 + i % 777, "v" + i))
            .toList();
    long start = System.nanoTime();

    SplitPlan plan = plan(files, Map.of(), 8);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    assertThat(plan.splits()).hasSizeBetween(32, 70);
    Set<String> names = new HashSet<>();
    for (Split split : plan.splits()) {
      SplitPieces.of(split).entries().forEach(e -> assertThat(names.add(e.file().name())).isTrue());
    }
    assertThat(names).hasSize(OBJECTS);
  }

  @Test
  void concurrencyIsAtMostTheNumberOfFiles() {
    List<StoredFile> files =
        List.of(
            new StoredFile("data/a", 1L << 40, "v"),
            new StoredFile("data/b", 1L << 40, "v"),
            new StoredFile("data/c", 0, "v"));
    SplitPlan plan = plan(files, Map.of(), 32);
    assertThat(plan.maxConcurrency()).isEqualTo(2);
    assertThat(plan.rule()).contains("by file", "2 files", "1 empty");
  }
}
