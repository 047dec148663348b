@NullMarked
package io.millrace.hubs;

import org.jspecify.annotations.NullMarked;
