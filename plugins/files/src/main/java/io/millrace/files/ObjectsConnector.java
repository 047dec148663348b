package io.millrace.files;

import io.millrace.api.ConnectionTest;
import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.write.Writer;
import io.millrace.api.write.WriterFactory;
import io.millrace.files.option.Dialect;
import io.millrace.files.read.FilesReader;
import io.millrace.files.read.ReadOptions;
import io.millrace.files.s3.BucketConnectionTest;
import io.millrace.files.s3.S3Options;
import io.millrace.files.s3.S3Store;
import io.millrace.files.write.FilesWriter;
import io.millrace.files.write.Target;
import io.millrace.files.write.WriteOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and writes objects in stores that speak S3. */
public final class ObjectsConnector implements Connector {

  static final ConfigOption<String> OBJECT =
      ConfigOption.string(
          "object",
          "What the keys of the objects begin with, and what truncate and nonConflict look at;"
              + " with writeSingleObject the whole key. A / at the end names a folder.");
  static final ConfigOption<String> PATH =
      ConfigOption.string("path", "The same; beside fileName only the folder.");
  static final ConfigOption<String> FILE_NAME =
      ConfigOption.string(
          "fileName", "The same; beside path what names begin with in that folder.");

  @Override
  public ConnectorInfo info() {
    return new ConnectorInfo(
        "s3",
        List.of("s3reader", "s3writer"),
        "Objects in AWS S3, Alibaba OSS, MinIO and others that speak S3: csv, text, jsonl, parquet,"
            + " orc, exactly once.");
  }

  @Override
  public Optional<ReaderFactory> reader() {
    return Optional.of(new ObjectReaderFactory(Dialect.OWN));
  }

  @Override
  public Optional<WriterFactory> writer() {
    return Optional.of(new ObjectWriterFactory(Dialect.OWN));
  }

  @Override
  public Optional<ConnectionTest> connectionTest() {
    return Optional.of(new BucketConnectionTest());
  }

  record ObjectReaderFactory(Dialect dialect) implements ReaderFactory {
    @Override
    public List<ConfigOption<?>> options() {
      List<ConfigOption<?>> options = new ArrayList<>(S3Options.declared());
      options.addAll(ReadOptions.declared());
      return options;
    }

    @Override
    public Reader create(Options options, TaskContext context) {
      S3Options place = S3Options.of(options);
      ReadOptions read =
          ReadOptions.of(options, context, dialect, name -> key(name, place.bucket()));
      return new FilesReader(read, new S3Store(place));
    }
  }

  record ObjectWriterFactory(Dialect dialect) implements WriterFactory {
    @Override
    public List<ConfigOption<?>> options() {
      List<ConfigOption<?>> options = new ArrayList<>(S3Options.declared());
      options.addAll(List.of(OBJECT, PATH, FILE_NAME));
      options.addAll(WriteOptions.declared());
      return options;
    }

    @Override
    public Writer create(Options options, TaskContext context) {
      S3Options place = S3Options.of(options);
      String prefix = key(object(options), place.bucket());
      for (String segment : prefix.split("/")) {
        if (segment.equals("..") || segment.equals(".")) {
          throw wrong("option 'object': '" + prefix + "' must not hold . or .. between slashes");
        }
      }
      int slash = prefix.lastIndexOf('/') + 1;
      Target target = Target.of(prefix.substring(0, slash), prefix.substring(slash), true);
      return new FilesWriter(
          WriteOptions.of(options, context, dialect, target), new S3Store(place));
    }
  }

  private static String object(Options options) {
    Optional<String> object = options.find(OBJECT);
    Optional<String> path = options.find(PATH);
    Optional<String> name = options.find(FILE_NAME);
    if (object.isPresent()) {
      // Some tools write every option, whether it says something or not.
      path = path.filter(each -> !each.isBlank());
      name = name.filter(each -> !each.isBlank());
    }
    requireFilled("object", object);
    requireFilled("path", path);
    requireFilled("fileName", name);
    String last = name.orElse("");
    Optional<String> other =
        path.map(folder -> last.isEmpty() ? folder : joined(folder, last))
            .or(() -> Optional.of(last).filter(each -> !each.isEmpty()));
    if (object.isPresent() && other.isPresent() && !object.equals(other)) {
      throw wrong("options 'object' and 'path' or 'fileName' contradict each other");
    }
    return object
        .or(() -> other)
        .orElseThrow(() -> wrong("option 'object' is missing: " + OBJECT.description()));
  }

  /** What truncate removes is derived of it: an empty text would mean much more than was meant. */
  private static void requireFilled(String option, Optional<String> text) {
    if (text.isPresent() && text.get().isBlank()) {
      throw wrong(
          "option '" + option + "': is empty; give what keys begin with, or leave the option out");
    }
  }

  private static String joined(String folder, String name) {
    return folder + (folder.endsWith("/") ? "" : "/") + name;
  }

  private static MillraceException wrong(String message) {
    return new MillraceException(StandardError.CONFIGURATION, message);
  }

  /** Keys begin without a slash; the bucket may stand before as in {@code s3://bucket/key}. */
  private static String key(String name, String bucket) {
    for (String scheme : List.of("s3://", "oss://", "s3a://")) {
      if (name.startsWith(scheme)) {
        String rest = name.substring(scheme.length());
        if (!rest.startsWith(bucket + "/")) {
          throw wrong("'" + name + "' is not in bucket '" + bucket + "', which the task names");
        }
        return rest.substring(bucket.length() + 1);
      }
    }
    return name.startsWith("/") ? name.substring(1) : name;
  }
}
