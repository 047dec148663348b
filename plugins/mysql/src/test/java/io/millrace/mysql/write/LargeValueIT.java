package io.millrace.mysql.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitTally;
import io.millrace.testkit.server.Flavour;
import io.millrace.testkit.server.ServerOptions;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LargeValueIT {

  private static final int SIZE = 64 << 20;
  private static final Schema SCHEMA =
      Schema.of(
          Field.of("id", ColumnType.INT64),
          Field.of("b", ColumnType.BYTES),
          Field.of("name", ColumnType.STRING));

  @ParameterizedTest
  @EnumSource
  void aValueOf64MegabytesPassesInBoundedMemory(Flavour flavour) throws Exception {
    // InnoDB takes a value of a tenth of its log.
    try (TestServer server =
        TestServers.own(
            flavour,
            ServerOptions.DEFAULT.with("--max-allowed-packet=256M", "--innodb-log-file-size=1G"))) {
      WriterHarness harness = new WriterHarness(server, server.createDatabase("large"));
      harness.execute("CREATE TABLE t (id INT PRIMARY KEY, b LONGBLOB, name VARCHAR(9))");
      harness.with("table", "t");
      byte[] value = new byte[SIZE];
      new Random(7).nextBytes(value);
      String digest = digest(value);
      RecordBatch batch = new RecordBatch(SCHEMA, 1 << 20, 100);
      batch.longs(0).append(1);
      batch.bytes(1).append(value);
      batch.bytes(2).append("x");
      batch.endRecord(0);
      value = null;
      RecordingContext context = harness.context();
      try (var writer = harness.writer()) {
        var state = writer.prepare(harness.plan(1, SCHEMA), context);
        try (var split = writer.open(state, "a", context)) {
          var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
          long before = threads.getCurrentThreadAllocatedBytes();
          assertThat(split.write(batch)).isEqualTo(1);
          long allocated = threads.getCurrentThreadAllocatedBytes() - before;
          // The statement, its growth, and nothing that goes by the value's size beyond that.
          assertThat(allocated).isLessThan(3L * SIZE);
          split.commit(new SplitTally(1, 1, 0, SIZE, ""));
        }
      }
      assertThat(context.dirty).isEmpty();
      assertThat(harness.one("SELECT id, SHA2(b, 256), name FROM t"))
          .isEqualTo("1|" + digest + "|x");
    }
  }

  private static String digest(byte[] value) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
  }

  @ParameterizedTest
  @EnumSource
  void aValueWhoseBytesAllNeedAnEscapeIsNeitherCopiedNorTooLarge(Flavour flavour) throws Exception {
    int size = 40 << 20;
    // Escaped, the value would not fit into a packet.
    try (TestServer server =
        TestServers.own(
            flavour,
            ServerOptions.DEFAULT.with("--max-allowed-packet=48M", "--innodb-log-file-size=1G"))) {
      WriterHarness harness = new WriterHarness(server, server.createDatabase("large"));
      harness.execute(
          "CREATE TABLE t (id INT PRIMARY KEY, b LONGBLOB, name LONGTEXT CHARACTER SET utf8mb4)",
          "INSERT INTO t VALUES (4, NULL, 'there')");
      byte[] value = new byte[size];
      Arrays.fill(value, (byte) '\'');
      byte[] text = "ü'\\".repeat(600_000).getBytes(StandardCharsets.UTF_8);
      byte[] small = {0, (byte) 0xff};
      byte[] x = {'x'};
      RecordBatch batch = new RecordBatch(SCHEMA, 1 << 20, 100);
      for (int i = 1; i <= 4; i++) {
        batch.longs(0).append(i);
        batch.bytes(1).append(i == 2 ? value : small);
        batch.bytes(2).append(i >= 3 ? text : x);
        batch.endRecord(i);
      }
      harness.with("table", "t").with("load", "never");
      RecordingContext context = harness.context();
      try (var writer = harness.writer()) {
        var state = writer.prepare(harness.plan(1, SCHEMA), context);
        try (var split = writer.open(state, "a", context)) {
          var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
          long before = threads.getCurrentThreadAllocatedBytes();
          assertThat(split.write(batch)).isEqualTo(3);
          assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(size);
          split.commit(new SplitTally(4, 3, 1, size, ""));
        }
      }
      assertThat(context.dirty)
          .extracting(d -> d.position() + ": " + d.reason().code())
          .containsExactly("4: 1062");
      assertThat(
              harness.rows(
                  "SELECT id, SHA2(b, 256), CHAR_LENGTH(name), SHA2(name, 256) FROM t WHERE id < 4"
                      + " ORDER BY id"))
          .containsExactly(
              "1|" + digest(small) + "|1|" + digest(x),
              "2|" + digest(value) + "|1|" + digest(x),
              "3|" + digest(small) + "|1800000|" + digest(text));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aValueLargerThanThePacketPassesInAStream(Flavour flavour) throws Exception {
    try (TestServer server =
        TestServers.own(flavour, ServerOptions.DEFAULT.with("--max-allowed-packet=1M"))) {
      WriterHarness harness = new WriterHarness(server, server.createDatabase("large"));
      harness.execute("CREATE TABLE t (id INT PRIMARY KEY, b LONGBLOB, name VARCHAR(9))");
      Object[][] rows = {
        {1L, new byte[3], "a"}, {2L, new byte[3 << 20], "b"}, {2L, new byte[2 << 20], "c"}
      };
      WriterHarness.Run run = harness.with("table", "t").run(WriterHarness.batch(SCHEMA, rows));
      assertThat(run.dirty())
          .extracting(d -> d.position() + ": " + d.reason().code())
          .containsExactly("2: 1062");
      assertThat(harness.rows("SELECT id, LENGTH(b), name FROM t ORDER BY id"))
          .containsExactly("1|3|a", "2|3145728|b");
    }
  }
}
