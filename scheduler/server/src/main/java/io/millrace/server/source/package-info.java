/**
 * Looks at what tasks would read, while somebody waits for the answer: few at a time, each for a
 * bounded time. Who may ask for it is the routes' business.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.server.source;
