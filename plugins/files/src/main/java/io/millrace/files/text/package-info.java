/**
 * The formats that are text: csv, text and jsonl. Bytes are parsed straight into columns; nothing
 * is allocated for a value.
 */
@NullMarked
package io.millrace.files.text;

import org.jspecify.annotations.NullMarked;
