/**
 * What the nodes of one store do for each other: they carry events to each other's clients and show
 * each other's logs. Everything here works through the store and the key file that they share.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.server.node;
