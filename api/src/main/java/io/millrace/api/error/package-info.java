/** The one exception type and its typed codes. Messages say what, where and what to do. */
@NullMarked
package io.millrace.api.error;

import org.jspecify.annotations.NullMarked;
