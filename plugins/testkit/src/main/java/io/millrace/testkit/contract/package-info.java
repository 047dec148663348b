/**
 * The contracts of the SPI as tests that every connector inherits: a connector's tests extend these
 * classes and say how a source is filled and a target looked at. Nothing here knows a connector.
 */
@NullMarked
package io.millrace.testkit.contract;

import org.jspecify.annotations.NullMarked;
