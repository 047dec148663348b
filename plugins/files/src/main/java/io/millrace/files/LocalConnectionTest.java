package io.millrace.files;

import io.millrace.api.ConnectionTest;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.files.store.LocalStore;
import java.util.List;
import java.util.Optional;

/** Looks whether what a data source names is there, if it names anything. Stateless. */
final class LocalConnectionTest implements ConnectionTest {

  static final ConfigOption<Object> PATH =
      ConfigOption.json("path", "What has to be there: a file or a folder.")
          .asLocalPath()
          .withOpenContent();

  @Override
  public List<ConfigOption<?>> options() {
    return List.of(PATH);
  }

  @Override
  public String test(Options options, StageContext context) {
    Optional<Object> given = options.find(PATH);
    if (given.isEmpty()) {
      return "the file system of this machine; the data source names no path";
    }
    // What reads takes patterns and lists as well: what of them is there only a task can tell.
    if (!(given.get() instanceof String path) || path.matches(".*[*?\\[,].*")) {
      return "the file system of this machine; what the path names is looked for by each task";
    }
    String name = FilesConnector.absolute(path);
    LocalStore store = new LocalStore(context.task().files());
    if (store.isFolder(name, context.cancellation())) {
      return "the folder " + name;
    }
    if (store.find(name, context.cancellation()).isPresent()) {
      return "the file " + name;
    }
    throw new MillraceException(
        StandardError.READ_REFUSED,
        "option 'path': no file or folder is at "
            + name
            + " on this machine, so that nothing can be read there; a task that writes would make"
            + " the folder");
  }
}
