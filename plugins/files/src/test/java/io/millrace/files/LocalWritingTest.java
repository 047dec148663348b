package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import io.millrace.api.record.Schema;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalWritingTest extends AbstractWriting {

  @TempDir Path folder;

  @Override
  Place place() {
    return new LocalPlace(folder);
  }

  @Test
  void foldersBelowAreNeitherEnteredNorTruncated() {
    place().put("below/out.csv", "stays");
    Map<String, Object> options = place().writing("");
    options.put("writeMode", "truncate");
    RecordBatch batch = new RecordBatch(Schema.of(Field.of("id", ColumnType.INT64)), 1 << 20, 100);
    RecordView.append(batch, 0, 7L);
    Rows.write(place().connector(), options, batch);
    Rows.write(place().connector(), options, batch);
    assertThat(place().names()).hasSize(2).contains("below/out.csv");
  }

  @Override
  void removeStaged() {
    place().staged().forEach(place()::delete);
  }
}
