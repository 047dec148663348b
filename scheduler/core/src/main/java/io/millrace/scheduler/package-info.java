/**
 * The scheduler: what runs when and where. The store is the truth; Quartz only says when. Nothing
 * here knows HTTP.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.scheduler;
