package io.millrace.files.parquet;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.protocol.TList;
import shaded.parquet.org.apache.thrift.protocol.TStruct;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;

/**
 * Reads a footer and counts what it takes in memory, which may be fifty times its bytes. Used by
 * one thread.
 */
final class BoundedProtocol extends TCompactProtocol {

  private static final int STRUCT = 96;
  private static final int TEXT = 48;
  private static final int DEPTH = 64;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  /** Says that a footer, which may be a good one, takes too much. */
  static final class TooLarge extends TException {

    private static final long serialVersionUID = 1;

    TooLarge(String message) {
      super(message);
    }
  }

  private final Map<String, String> texts = new HashMap<>();
  private final long most;
  private long taken;

  /**
   * @param most bytes of memory that it may take
   */
  BoundedProtocol(byte[] bytes, long most) throws TException {
    super(transport(bytes), bytes.length, bytes.length);
    this.most = most;
  }

  private static TIOStreamTransport transport(byte[] bytes) throws TException {
    int length = Math.max(1, bytes.length);
    return new TIOStreamTransport(
        new TConfiguration(length, length, DEPTH), new ByteArrayInputStream(bytes));
  }

  private void take(long cost) throws TException {
    taken += cost;
    if (taken > most) {
      throw new TooLarge(
          "its footer takes more than the "
              + most
              + " bytes of memory that are allowed with this heap: give the heap more, or the task"
              + " fewer channels");
    }
  }

  @Override
  public TStruct readStructBegin() throws TException {
    take(STRUCT);
    return super.readStructBegin();
  }

  @Override
  public TList readListBegin() throws TException {
    TList list = super.readListBegin();
    take(TEXT + (long) list.size * Integer.BYTES);
    return list;
  }

  /** The path of a column stands in every row group. */
  @Override
  public String readString() throws TException {
    String text = super.readString();
    String known = texts.putIfAbsent(text, text);
    if (known != null) {
      return known;
    }
    take(TEXT + 2L * text.length());
    return text;
  }

  /** Statistics, which nobody asks for. */
  @Override
  public ByteBuffer readBinary() throws TException {
    super.readBinary();
    return NOTHING;
  }
}
