/**
 * What the libraries' log goes to. The run log and the detailed logs are the engine's own and do
 * not come through here.
 */
@NullMarked
package io.millrace.dist.log;

import org.jspecify.annotations.NullMarked;
