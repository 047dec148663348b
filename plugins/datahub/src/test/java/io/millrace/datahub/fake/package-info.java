/**
 * A local DataHub that speaks the service's protocol: signatures, JSON for what is small, framed
 * protobuf with a checksum for records. It keeps everything in memory.
 */
@NullMarked
package io.millrace.datahub.fake;

import org.jspecify.annotations.NullMarked;
