package org.apache.hadoop.fs;

import java.io.IOException;

/** Opens files. */
public abstract class FileSystem {

  /** The file's bytes. */
  public abstract FSDataInputStream open(Path path, int bufferSize) throws IOException;

  public FSDataInputStream open(Path path) throws IOException {
    return open(path, 4096);
  }

  /** Never called: the length of a file is given with the options. */
  public abstract FileStatus getFileStatus(Path path) throws IOException;
}
