package io.millrace.loghub.connect;

import com.aliyun.openservices.log.common.LogGroupData;
import java.util.List;

/**
 * What one request brought.
 *
 * @param groups log groups in the order of the shard
 * @param nextCursor where the next request goes on
 */
public record PulledLogs(List<LogGroupData> groups, String nextCursor) {}
