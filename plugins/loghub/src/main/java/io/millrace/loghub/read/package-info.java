/** Plans splits by shard and reads them between pinned cursors. */
@NullMarked
package io.millrace.loghub.read;

import org.jspecify.annotations.NullMarked;
