/**
 * Writes records to a topic: as they come, or each split in one transaction with its entry in a
 * ledger. The ledger is a topic of the instance's own.
 */
@NullMarked
package io.millrace.kafka.write;

import org.jspecify.annotations.NullMarked;
