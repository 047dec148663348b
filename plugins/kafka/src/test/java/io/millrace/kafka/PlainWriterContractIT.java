package io.millrace.kafka;

/** The writer's promises, without transactions. */
class PlainWriterContractIT extends AbstractWriterContract {

  PlainWriterContractIT() {
    super(false);
  }
}
