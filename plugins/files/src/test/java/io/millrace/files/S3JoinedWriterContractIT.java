package io.millrace.files;

import java.util.Optional;

/** Every split is a part of one that the task asks for. */
class S3JoinedWriterContractIT extends S3WriterContractIT {

  @Override
  protected Optional<String> group() {
    return Optional.of("t1");
  }
}
