package io.millrace.stream;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.api.option.Options;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.api.write.WriterFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamWriterTest {

  private static final Schema SCHEMA =
      Schema.of(Field.of("id", ColumnType.INT64), Field.of("name", ColumnType.STRING));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final FakeContext context = new FakeContext();

  private static Writer writer(OutputStream out, Map<String, ?> options) {
    WriterFactory factory = new StreamConnector(out).writer().orElseThrow();
    return factory.create(Options.check(factory.options(), options).options(), FakeContext.TASK);
  }

  private SplitCommit write(Writer writer) {
    RecordBatch batch = new RecordBatch(SCHEMA, 1 << 16, 100);
    RecordView.append(batch, 1, 1L, "ä");
    RecordView.append(batch, 2, null, "b");
    WriteState state = writer.prepare(new WritePlan("i", 1, 1, SCHEMA), context);
    try (SplitWriter split = writer.open(state, "0000", context)) {
      assertThat(split.write(batch)).isEqualTo(2);
      return split.commit(new SplitTally(2, 2, 0, 10, ""));
    }
  }

  @Test
  void printsOneLineARow() {
    write(writer(out, Map.of()));
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("1\tä\nnull\tb\n");
  }

  @Test
  void delimiterAndCharacterSetAreTheUsers() {
    write(writer(out, Map.of("fieldDelimiter", ", ", "encoding", "ISO-8859-1")));
    assertThat(out.toString(StandardCharsets.ISO_8859_1)).isEqualTo("1, ä\nnull, b\n");
  }

  @Test
  void discardsWithoutPrinting() {
    write(writer(out, Map.of("print", "false")));
    assertThat(out.size()).isZero();
  }

  @Test
  void promisesNoMoreThanItCanKeep() {
    for (boolean print : new boolean[] {true, false}) {
      WriteState state =
          writer(out, Map.of("print", print)).prepare(new WritePlan("i", 1, 1, SCHEMA), context);
      assertThat(state.guarantee()).isEqualTo(Guarantee.AT_LEAST_ONCE);
      assertThat(state.reason()).isNotEmpty();
    }
  }

  @Test
  void remembersItsCommitsForTheAttempt() {
    Writer writer = writer(out, Map.of());
    SplitCommit commit = write(writer);
    WriteState state = writer.prepare(new WritePlan("i", 1, 1, SCHEMA), context);
    assertThat(writer.commits(state, context)).containsExactly(Map.entry("0000", commit));
  }

  @Test
  void anUnknownCharacterSetIsNamed() {
    assertThatThrownBy(() -> writer(out, Map.of("encoding", "UTF-9")))
        .isInstanceOf(MillraceException.class)
        .hasMessage("stream writer: option 'encoding': no character set 'UTF-9' here");
  }

  @Test
  void aClosedPipeFailsTheTask() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    assertThatThrownBy(() -> write(writer(new java.io.PrintStream(closed), Map.of())))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("nothing reads it any more");
  }
}
