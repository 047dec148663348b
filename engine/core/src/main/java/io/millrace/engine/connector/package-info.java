/** Where connectors come from: plugins loaded by PF4J, or instances given by tests. */
@NullMarked
package io.millrace.engine.connector;

import org.jspecify.annotations.NullMarked;
