package org.apache.hadoop.hdfs.client;

import java.io.OutputStream;
import java.util.EnumSet;
import org.apache.hadoop.fs.FSDataOutputStream;

/** ORC asks whether a stream is one of these, which none is. */
public class HdfsDataOutputStream extends FSDataOutputStream {

  /** How a stream would be made safe. */
  public enum SyncFlag {
    UPDATE_LENGTH,
    END_BLOCK
  }

  private HdfsDataOutputStream(OutputStream out) {
    super(out, null);
  }

  public void hsync(EnumSet<SyncFlag> flags) {
    throw new UnsupportedOperationException();
  }
}
