/** Tests of the connectors for files as a whole: contracts, round trips, errors. */
@NullMarked
package io.millrace.files;

import org.jspecify.annotations.NullMarked;
