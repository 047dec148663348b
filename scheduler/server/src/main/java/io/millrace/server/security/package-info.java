/**
 * Who somebody is and what they may do: accounts, sessions, API tokens, and the routes to manage
 * them. What a role may do stands with each route.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.server.security;
