package io.millrace.dist.replay;

import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import io.millrace.api.StageContext;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.Schema;
import io.millrace.engine.connector.Connectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A connector that reads files of dirty records, one split a file. */
public final class DirtyFiles implements Connector, ReaderFactory {

  /** The connector's name; no task file can mean it, for it is in no plugin. */
  public static final String NAME = "dirty-files";

  private final List<Path> files;
  private final Schema schema;
  private final ReplayedFiles replayed;

  /**
   * @param files the corrected files
   * @param schema the columns of the reader they came from
   * @param replayed notes, before anything is written, that the files are taken
   */
  public DirtyFiles(List<Path> files, Schema schema, ReplayedFiles replayed) {
    this.files = List.copyOf(files);
    this.schema = schema;
    this.replayed = replayed;
  }

  /** These connectors and this one. */
  public Connectors with(Connectors others) {
    return new Connectors() {
      @Override
      public List<Connector> all() {
        return others.all();
      }

      @Override
      public Optional<Connector> find(String name) {
        return name.equals(NAME) ? Optional.of(DirtyFiles.this) : others.find(name);
      }
    };
  }

  @Override
  public ConnectorInfo info() {
    return new ConnectorInfo(NAME, List.of(), "Reads corrected dirty records.");
  }

  @Override
  public Optional<ReaderFactory> reader() {
    return Optional.of(this);
  }

  @Override
  public List<ConfigOption<?>> options() {
    return List.of();
  }

  @Override
  public Reader create(Options options, TaskContext context) {
    return new FilesReader();
  }

  private final class FilesReader implements Reader {

    @Override
    public Schema schema(StageContext context) {
      return schema;
    }

    @Override
    public void prepare(StageContext context) {
      replayed.take();
    }

    @Override
    public SplitPlan split(SplitRequest request, StageContext context) {
      List<Split> splits = new ArrayList<>();
      for (Path file : files) {
        splits.add(
            new Split(
                String.format("%04d", splits.size()),
                1,
                Map.of("file", file.toAbsolutePath().toString(), "bytes", "" + size(file)),
                file.toString(),
                -1));
      }
      return new SplitPlan(splits, Integer.MAX_VALUE, "one split for each file of dirty records");
    }

    @Override
    public SplitReader open(Split split, ReadContext context) {
      Path file = Path.of(split.properties().getOrDefault("file", ""));
      // Half of it may be committed by an earlier try: what a split holds must not change.
      if (!split.properties().getOrDefault("bytes", "").equals("" + size(file))) {
        throw refused(file + " has changed since this replay began; replay it anew");
      }
      return new DirtyFileSplit(file, schema, context);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw refused("the file of dirty records " + file + " cannot be read");
    }
  }

  static MillraceException refused(String message) {
    return new MillraceException(StandardError.READ_REFUSED, message);
  }
}
