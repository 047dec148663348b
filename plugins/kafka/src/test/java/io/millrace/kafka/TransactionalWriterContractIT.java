package io.millrace.kafka;

/** The writer's promises, with a transaction for each split. */
class TransactionalWriterContractIT extends AbstractWriterContract {

  TransactionalWriterContractIT() {
    super(true);
  }
}
