package io.millrace.scheduler.audit;

import java.time.Instant;

/**
 * Something that was changed.
 *
 * @param who the user
 * @param action what was done, such as {@code datasource.update}
 * @param subject what it was done to, such as {@code datasource/shop}
 * @param why what the user said; may be empty
 * @param detail what is different now; may be empty
 */
public record AuditEntry(
    long id, Instant at, String who, String action, String subject, String why, String detail) {}
