/**
 * What people want to be told of without looking: it goes into the log, to the clients that listen
 * and to a webhook. Nothing here holds up what it tells of.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.server.alert;
