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
import java.security.MessageDigest;
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
      String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
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
