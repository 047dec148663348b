/**
 * The metadata database: opening it, its tables, transactions and its clock. What the tables mean
 * stands with the packages that use them.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.scheduler.store;
