/**
 * What connectors for logs that are kept in shards share: the window of arrival times, columns with
 * types and JSON paths, bounded retries. Nothing here knows a service or its client.
 */
@NullMarked
package io.millrace.hubs;

import org.jspecify.annotations.NullMarked;
