@NullMarked
package io.millrace.loghub.connect;

import org.jspecify.annotations.NullMarked;
