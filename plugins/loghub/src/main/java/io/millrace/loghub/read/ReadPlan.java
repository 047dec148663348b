package io.millrace.loghub.read;

import io.millrace.hubs.HubColumn;
import io.millrace.hubs.HubOptions.Expired;
import io.millrace.hubs.Window;
import java.util.List;

/**
 * What is read.
 *
 * @param window arrival times
 * @param batchSize the most log groups in one request
 * @param query a filter, or empty
 * @param expired what becomes of records that are gone when they are read
 */
record ReadPlan(
    Window window, List<HubColumn> columns, int batchSize, String query, Expired expired) {}
