package io.millrace.files;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalWritingTest extends AbstractWriting {

  @TempDir Path folder;

  @Override
  Place place() {
    return new LocalPlace(folder);
  }

  @Override
  void removeStaged() {
    place().staged().forEach(place()::delete);
  }
}
