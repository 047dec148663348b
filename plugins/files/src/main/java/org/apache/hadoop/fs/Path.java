package org.apache.hadoop.fs;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** A name, for messages; nothing is looked up by it. */
public class Path implements Comparable<Path> {

  private final String name;

  public Path(String name) {
    this.name = name;
  }

  /** Never: a file system is given with the options. */
  public FileSystem getFileSystem(Configuration conf) throws IOException {
    throw new IOException("no file system is known for " + name);
  }

  @Override
  public int compareTo(Path other) {
    return name.compareTo(other.name);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Path path && path.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
