/** Compressions of whole files, both ways, and the bound on what they may unfold to. */
@NullMarked
package io.millrace.files.compress;

import org.jspecify.annotations.NullMarked;
