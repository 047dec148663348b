package io.millrace.datahub.read;

import io.millrace.hubs.HubColumn;
import io.millrace.hubs.HubOptions.Expired;
import io.millrace.hubs.ValueType;
import io.millrace.hubs.Window;
import java.util.List;

/**
 * What is read.
 *
 * @param window arrival times
 * @param columns as the task names them, * included
 * @param timestamps what a TIMESTAMP field is read as
 * @param batchSize the most records in one request
 * @param expired what becomes of records that are gone when they are read
 */
record ReadPlan(
    Window window, List<HubColumn> columns, ValueType timestamps, int batchSize, Expired expired) {}
