/**
 * What a reader implements: its schema, its split rule and the reading of one split. The engine
 * decides when and on which thread.
 */
@NullMarked
package io.millrace.api.read;

import org.jspecify.annotations.NullMarked;
