/** How values become bytes of text. */
@NullMarked
package io.millrace.files.text;

import org.jspecify.annotations.NullMarked;
