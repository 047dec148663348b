package io.millrace.files.store;

import io.millrace.api.Sensitive;
import java.io.IOException;
import java.nio.file.FileSystemException;

/**
 * What is wrong with a file in words of our own: whoever writes them has marked what of them comes
 * from the file, so that the rest is shown to everybody. Of any other exception nobody knows.
 */
public final class FileFault extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong, with marks around what comes from the file
   */
  public FileFault(String message) {
    super(message);
  }

  /**
   * One line of what an exception says, marked unless it is ours or only the system's word for what
   * it refused.
   */
  public static String reason(IOException failure) {
    String message = failure.getMessage();
    if (failure instanceof FileSystemException refused && refused.getReason() != null) {
      return refused.getReason();
    }
    if (message == null) {
      return failure.getClass().getSimpleName();
    }
    return failure instanceof FileFault
        ? message
        : Sensitive.mark(message.lines().findFirst().orElse("").strip());
  }
}
