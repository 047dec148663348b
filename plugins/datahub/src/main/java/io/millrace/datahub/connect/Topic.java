package io.millrace.datahub.connect;

import com.aliyun.datahub.client.model.RecordSchema;
import org.jspecify.annotations.Nullable;

/**
 * A topic.
 *
 * @param schema its fields; null for a topic of BLOB records
 * @param lifecycleDays for how many days it keeps records
 */
public record Topic(@Nullable RecordSchema schema, int lifecycleDays) {}
