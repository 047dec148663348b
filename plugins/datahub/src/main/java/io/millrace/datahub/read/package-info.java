/** Plans splits by shard and reads them between pinned sequence numbers. */
@NullMarked
package io.millrace.datahub.read;

import org.jspecify.annotations.NullMarked;
