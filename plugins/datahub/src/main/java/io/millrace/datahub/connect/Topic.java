package io.millrace.datahub.connect;

import com.aliyun.datahub.client.model.RecordSchema;
import org.jspecify.annotations.Nullable;

/**
 * A topic.
 *
 * @param schema its fields; null for a topic of BLOB records
 * @param lifecycleDays for how many days it keeps records
 * @param created when it was created, in seconds since 1970, which no other one of the same name
 *     has; empty when that is not told
 */
public record Topic(@Nullable RecordSchema schema, int lifecycleDays, String created) {

  /** Whether it is not the one that was created then; an empty time is not known. */
  public boolean isAnother(String before) {
    return !before.isEmpty() && !created.isEmpty() && !before.equals(created);
  }
}
