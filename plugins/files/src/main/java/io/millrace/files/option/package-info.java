/** The options that reader and writer share, and how they become a format. */
@NullMarked
package io.millrace.files.option;

import org.jspecify.annotations.NullMarked;
