/**
 * The routes that show and steer the scheduler. What they do is the scheduler's business; here
 * stand only who may do it, what goes in and what comes out.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.server.api;
