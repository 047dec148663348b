package io.millrace.files;

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
import io.millrace.files.read.FilesReader;
import io.millrace.files.read.ReadOptions;
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
                  + " with writeSingleObject the whole key. A / at the end names a folder.")
          .withAliases("path", "fileName")
          .mandatory();

  @Override
  public ConnectorInfo info() {
    return new ConnectorInfo(
        "s3",
        List.of("oss", "ossreader", "osswriter", "s3reader", "s3writer"),
        "Objects in AWS S3, Alibaba OSS, MinIO and others that speak S3: csv, text, jsonl, parquet,"
            + " orc, exactly once.");
  }

  @Override
  public Optional<ReaderFactory> reader() {
    return Optional.of(new ObjectReaderFactory());
  }

  @Override
  public Optional<WriterFactory> writer() {
    return Optional.of(new ObjectWriterFactory());
  }

  private static final class ObjectReaderFactory implements ReaderFactory {
    @Override
    public List<ConfigOption<?>> options() {
      List<ConfigOption<?>> options = new ArrayList<>(S3Options.declared());
      options.addAll(ReadOptions.declared());
      return options;
    }

    @Override
    public Reader create(Options options, TaskContext context) {
      S3Options place = S3Options.of(options);
      ReadOptions read = ReadOptions.of(options, context, name -> key(name, place.bucket()));
      return new FilesReader(read, new S3Store(place));
    }
  }

  private static final class ObjectWriterFactory implements WriterFactory {
    @Override
    public List<ConfigOption<?>> options() {
      List<ConfigOption<?>> options = new ArrayList<>(S3Options.declared());
      options.add(OBJECT);
      options.addAll(WriteOptions.declared());
      return options;
    }

    @Override
    public Writer create(Options options, TaskContext context) {
      S3Options place = S3Options.of(options);
      String prefix = key(options.get(OBJECT), place.bucket());
      for (String segment : prefix.split("/")) {
        if (segment.equals("..") || segment.equals(".")) {
          throw new MillraceException(
              StandardError.CONFIGURATION,
              "option 'object': '" + prefix + "' must not hold . or .. between slashes");
        }
      }
      int slash = prefix.lastIndexOf('/') + 1;
      Target target = Target.of(prefix.substring(0, slash), prefix.substring(slash), true);
      return new FilesWriter(WriteOptions.of(options, context, target), new S3Store(place));
    }
  }

  /** Keys begin without a slash; the bucket may stand before as in {@code s3://bucket/key}. */
  private static String key(String name, String bucket) {
    for (String scheme : List.of("s3://", "oss://", "s3a://")) {
      if (name.startsWith(scheme)) {
        String rest = name.substring(scheme.length());
        if (!rest.startsWith(bucket + "/")) {
          throw new MillraceException(
              StandardError.CONFIGURATION,
              "'" + name + "' is not in bucket '" + bucket + "', which the task names");
        }
        return rest.substring(bucket.length() + 1);
      }
    }
    return name.startsWith("/") ? name.substring(1) : name;
  }
}
