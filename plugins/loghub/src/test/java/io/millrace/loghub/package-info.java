@NullMarked
package io.millrace.loghub;

import org.jspecify.annotations.NullMarked;
