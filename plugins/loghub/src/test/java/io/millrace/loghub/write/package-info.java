@NullMarked
package io.millrace.loghub.write;

import org.jspecify.annotations.NullMarked;
