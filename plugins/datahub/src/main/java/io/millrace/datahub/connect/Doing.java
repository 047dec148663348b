package io.millrace.datahub.connect;

import io.millrace.api.error.ErrorCode;
import io.millrace.api.error.StandardError;

/** What was being done, which decides the code that users search for. */
enum Doing {
  READING(StandardError.READ, StandardError.READ, StandardError.READ_REFUSED),
  PREPARING(StandardError.WRITE, StandardError.WRITE, StandardError.WRITE_REFUSED),
  PUTTING(DataHubError.PUT_UNCERTAIN, StandardError.WRITE, StandardError.WRITE_REFUSED);

  /** When there was no answer that could be read. */
  final ErrorCode unanswered;

  final ErrorCode passing;
  final ErrorCode lasting;

  Doing(ErrorCode unanswered, ErrorCode passing, ErrorCode lasting) {
    this.unanswered = unanswered;
    this.passing = passing;
    this.lasting = lasting;
  }
}
