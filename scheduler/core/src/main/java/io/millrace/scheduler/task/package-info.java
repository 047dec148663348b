/**
 * Tasks and workflows: their definitions, drafts, published versions and dependencies. When a task
 * runs is the schedule's and what came of it the instance's.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.scheduler.task;
