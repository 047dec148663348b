/**
 * Writing to MySQL and MariaDB: what a value must satisfy, how batches are sent, the ledger that
 * makes each split's commit exact, and the ways of publishing. Reading and connecting live
 * elsewhere.
 */
@NullMarked
package io.millrace.mysql.write;

import org.jspecify.annotations.NullMarked;
