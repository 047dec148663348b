/** Who changed what, when and why. Secrets are taken out before a row is written. */
@org.jspecify.annotations.NullMarked
package io.millrace.scheduler.audit;
