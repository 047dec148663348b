/** Makes log groups of batches and sends them. Keeps nothing beyond a call. */
@NullMarked
package io.millrace.loghub.write;

import org.jspecify.annotations.NullMarked;
