/**
 * The connector SPI: what a plugin provides and what it is given. Nothing here knows the engine,
 * and no package here needs more than the JDK, slf4j-api and jspecify.
 */
@NullMarked
package io.millrace.api;

import org.jspecify.annotations.NullMarked;
