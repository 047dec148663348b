package io.millrace.files;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalReadingTest extends AbstractReading {

  @TempDir Path folder;

  @Override
  Place place() {
    return new LocalPlace(folder);
  }
}
