@NullMarked
package io.millrace.loghub.read;

import org.jspecify.annotations.NullMarked;
