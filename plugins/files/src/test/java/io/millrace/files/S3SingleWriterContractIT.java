package io.millrace.files;

import java.util.Map;

/** Everything in one object. */
class S3SingleWriterContractIT extends S3WriterContractIT {

  @Override
  Map<String, Object> more() {
    return Map.of("writeSingleObject", true, "writeMode", "truncate");
  }
}
