/** Makes the service's records of batches and sends them. Keeps nothing beyond a call. */
@NullMarked
package io.millrace.datahub.write;

import org.jspecify.annotations.NullMarked;
