package io.millrace.kafka;

/** What connector and engine promise together, without transactions. */
class PlainAttemptContractIT extends AbstractAttemptContract {

  PlainAttemptContractIT() {
    super(false);
  }
}
