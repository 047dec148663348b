package io.millrace.server.security;

/**
 * Who sent a request, as proved by a session or a token.
 *
 * @param account the account's number
 * @param name its name, as the audit calls it
 * @param role what this request may do: for a token the lesser of its own and its account's role
 * @param session true for a browser's session, false for an API token
 * @param mustChangePassword true while only the password may be changed
 */
public record Identity(
    long account, String name, Role role, boolean session, boolean mustChangePassword) {}
