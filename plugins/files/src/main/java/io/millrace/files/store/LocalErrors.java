package io.millrace.files.store;

import io.millrace.api.error.ErrorCode;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Says in one line what the file system refused. */
final class LocalErrors {

  private LocalErrors() {}

  /**
   * The error of something that was done to a path.
   *
   * @param doing such as {@code read} or {@code write}
   */
  static MillraceException of(IOException e, String doing, Path path) {
    return new MillraceException(
        code(e, doing), "cannot " + doing + " " + path + ": " + reason(e), e);
  }

  private static ErrorCode code(IOException e, String doing) {
    boolean reading = doing.equals("read") || doing.equals("list");
    boolean refused =
        e instanceof NoSuchFileException
            || e instanceof AccessDeniedException
            || isFileForFolder(e);
    if (refused) {
      return reading ? StandardError.READ_REFUSED : StandardError.WRITE_REFUSED;
    }
    return reading ? StandardError.READ : StandardError.RESOURCE;
  }

  /** Some calls of the JDK tell it by an exception of its own, others by the system's words. */
  private static boolean isFileForFolder(IOException e) {
    return e instanceof NotDirectoryException
        || e instanceof FileAlreadyExistsException
        || (e instanceof FileSystemException f && "Not a directory".equals(f.getReason()));
  }

  /** Whether nothing can have the name: it is too long, or goes on behind a file. */
  static boolean isNoName(IOException e) {
    return e instanceof FileSystemException f
        && ("Not a directory".equals(f.getReason()) || "File name too long".equals(f.getReason()));
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "it does not exist";
    }
    if (e instanceof AccessDeniedException) {
      return "this account may not; check the permissions of the file and its folder";
    }
    if (isFileForFolder(e)) {
      return "a file stands where a folder is needed";
    }
    return FileFault.reason(e);
  }
}
