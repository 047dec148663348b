/**
 * The engine's front door: runs one attempt of a task and logs it. It knows nothing of schedules,
 * of HTTP or of a store.
 */
@NullMarked
package io.millrace.engine;

import org.jspecify.annotations.NullMarked;
