package io.millrace.loghub.write;

import java.util.List;

/**
 * How records become logs.
 *
 * @param column keys, or * for the names of the source
 * @param topic of every log
 * @param source of every log
 * @param time where each log's time comes from
 * @param batchSize the most logs in one request
 */
record LogForm(List<String> column, String topic, String source, LogTime time, int batchSize) {}
