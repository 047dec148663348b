/**
 * The few classes of Hadoop's package of this name that Apache ORC's public interface is made of,
 * as small as ORC needs them, so that Hadoop itself stays out; see docs/adr/0054. No code of
 * Hadoop.
 */
@NullMarked
package org.apache.hadoop.conf;

import org.jspecify.annotations.NullMarked;
