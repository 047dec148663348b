package io.millrace.kafka;

/** What connector and engine promise together, with a transaction for each split. */
class TransactionalAttemptContractIT extends AbstractAttemptContract {

  TransactionalAttemptContractIT() {
    super(true);
  }
}
