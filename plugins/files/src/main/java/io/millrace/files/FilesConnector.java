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
import io.millrace.files.store.LocalStore;
import io.millrace.files.write.FilesWriter;
import io.millrace.files.write.Target;
import io.millrace.files.write.WriteMode;
import io.millrace.files.write.WriteOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and writes files of the local file system. */
public final class FilesConnector implements Connector {

  static final ConfigOption<String> PATH =
      ConfigOption.string(
              "path", "The folder that files are written to; it is made if it is not there.")
          .mandatory()
          .asLocalPath();
  static final ConfigOption<String> FILE_NAME =
      ConfigOption.string(
              "fileName",
              "What the names of the files begin with, and what truncate and nonConflict look at;"
                  + " with writeSingleObject the whole name.")
          .withAliases("object");

  @Override
  public ConnectorInfo info() {
    return new ConnectorInfo(
        "files",
        List.of("file"),
        "Files on the local file system: csv, text, jsonl, parquet, orc, exactly once.");
  }

  @Override
  public Optional<ReaderFactory> reader() {
    return Optional.of(new LocalReaderFactory(Dialect.OWN));
  }

  @Override
  public Optional<WriterFactory> writer() {
    return Optional.of(new LocalWriterFactory(Dialect.OWN));
  }

  @Override
  public Optional<ConnectionTest> connectionTest() {
    return Optional.of(new LocalConnectionTest());
  }

  /** What file systems take for a name. */
  private static final int MAX_NAME_BYTES = 255;

  /** Instance, split, number and ending that stand behind {@code fileName}. */
  private static final int ADDED_BYTES = 75;

  /** An absolute path without {@code .} and {@code ..}; a slash at the end stays. */
  static String absolute(String name) {
    try {
      String path = Path.of(name).toAbsolutePath().normalize().toString();
      return name.endsWith("/") && !path.endsWith("/") ? path + "/" : path;
    } catch (InvalidPathException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION, "option 'path': '" + name + "' is not a path", e);
    }
  }

  private static boolean isRoot(String folder) {
    return Path.of(folder).getNameCount() == 0;
  }

  record LocalReaderFactory(Dialect dialect) implements ReaderFactory {
    @Override
    public List<ConfigOption<?>> options() {
      return ReadOptions.declaredLocal();
    }

    @Override
    public Reader create(Options options, TaskContext context) {
      return new FilesReader(
          ReadOptions.of(options, context, dialect, FilesConnector::absolute),
          new LocalStore(context.files()));
    }
  }

  record LocalWriterFactory(Dialect dialect) implements WriterFactory {
    @Override
    public List<ConfigOption<?>> options() {
      List<ConfigOption<?>> options = new ArrayList<>(List.of(PATH, FILE_NAME));
      options.addAll(WriteOptions.declared());
      return options;
    }

    @Override
    public Writer create(Options options, TaskContext context) {
      String base = options.find(FILE_NAME).orElse("");
      if (base.indexOf('/') >= 0 || base.indexOf('\0') >= 0) {
        throw new MillraceException(
            StandardError.CONFIGURATION,
            "option 'fileName': '" + base + "' must not hold a /; the folder goes into path");
      }
      if (base.equals(".") || base.equals("..")) {
        throw new MillraceException(
            StandardError.CONFIGURATION, "option 'fileName': '" + base + "' is a folder's name");
      }
      String path = options.get(PATH);
      if (path.isBlank()) {
        throw new MillraceException(
            StandardError.CONFIGURATION, "option 'path': is empty; name the folder to write to");
      }
      LocalStore store = new LocalStore(context.files());
      String folder = absolute(path.endsWith("/") ? path : path + "/");
      // By its links as well: what truncate and the sweeps remove is derived of it.
      if (isRoot(folder) || isRoot(store.realName(folder))) {
        throw new MillraceException(
            StandardError.CONFIGURATION,
            "option 'path': '"
                + path
                + "' is the root of the file system, in which nothing is written or removed; name a"
                + " folder in it");
      }
      Target target = Target.of(folder, base, false);
      WriteOptions write = WriteOptions.of(options, context, dialect, target);
      // Left out it means the whole folder; an empty text is one that somebody forgot to fill.
      if (write.mode() != WriteMode.APPEND
          && options.find(FILE_NAME).filter(String::isBlank).isPresent()) {
        throw new MillraceException(
            StandardError.CONFIGURATION,
            "option 'fileName': is empty, so that every file in the folder would be meant; give what"
                + " names begin with, or leave the option out to mean the whole folder");
      }
      int room = MAX_NAME_BYTES - (write.single() ? 0 : ADDED_BYTES);
      if (base.getBytes(StandardCharsets.UTF_8).length > room) {
        throw new MillraceException(
            StandardError.CONFIGURATION,
            "option 'fileName': has more than "
                + room
                + " bytes, so that files could not have their names");
      }
      return new FilesWriter(write, store);
    }
  }
}
