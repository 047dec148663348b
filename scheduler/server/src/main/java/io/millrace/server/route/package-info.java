/**
 * What a resource declares: its routes with role, documentation and handler. Registration, the
 * security check and the OpenAPI document all come from that one list.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.server.route;
