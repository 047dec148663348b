package io.millrace.engine.task;

import java.time.LocalDate;
import java.time.LocalDateTime;

/**
 * The dates that time parameters count from.
 *
 * @param business the business date: base of {@code ${…}}
 * @param scheduled the scheduled time: base of {@code $[…]}
 * @param today the current date in the task's zone
 */
public record TimeBase(LocalDate business, LocalDateTime scheduled, LocalDate today) {}
