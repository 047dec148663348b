/**
 * What a format of files is: how its columns are discovered, where a file may be cut, how a piece
 * becomes batches and batches become bytes. The formats themselves live elsewhere.
 */
@NullMarked
package io.millrace.files.format;

import org.jspecify.annotations.NullMarked;
