package io.millrace.files.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.api.Sensitive;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A reader may take an expression, and so a constant, in the place of a column's name. */
class SourceNamesTest {

  @Test
  void theConstantsAmongTheSourcesColumnsAreNotShownToEverybody() {
    Schema source =
        Schema.of(Field.of("id", ColumnType.INT64), Field.of("'Zmarker'", ColumnType.STRING));
    String message = catchThrowable(() -> Partitions.of(source, List.of("missing"))).getMessage();
    assertThat(message).contains("'Zmarker'");
    assertThat(Sensitive.hidden(message)).contains("'missing', but id, (hidden)");
  }
}
