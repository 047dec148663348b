package io.millrace.engine.connector.sample;

import io.millrace.api.ConnectionTest;
import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import io.millrace.api.StageContext;
import io.millrace.api.TaskContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import java.util.List;
import java.util.Optional;

/** Fails any call that does not come with its own class loader as the context class loader. */
public final class SampleConnector
    implements Connector, ReaderFactory, Reader, SplitReader, ConnectionTest {

  private static void checkLoader() {
    if (Thread.currentThread().getContextClassLoader() != SampleConnector.class.getClassLoader()) {
      throw new IllegalStateException("called with the host's context class loader");
    }
  }

  @Override
  public ConnectorInfo info() {
    checkLoader();
    return new ConnectorInfo("sample", List.of("samplereader"), "A connector for tests.");
  }

  @Override
  public Optional<ReaderFactory> reader() {
    checkLoader();
    return Optional.of(this);
  }

  @Override
  public Optional<ConnectionTest> connectionTest() {
    checkLoader();
    return Optional.of(this);
  }

  @Override
  public String test(Options options, StageContext context) {
    checkLoader();
    return "sample";
  }

  @Override
  public List<ConfigOption<?>> options() {
    checkLoader();
    return List.of();
  }

  @Override
  public Reader create(Options options, TaskContext context) {
    checkLoader();
    return this;
  }

  /** One column for each question a test asks about where the plugin stands. */
  @Override
  public Schema schema(StageContext context) {
    checkLoader();
    return Schema.of(
        Field.of("sees jackson: " + sees("com.fasterxml.jackson.databind.ObjectMapper"), TYPE),
        Field.of("sees pf4j: " + sees("org.pf4j.PluginManager"), TYPE),
        Field.of("sees java.sql: " + sees("java.sql.Driver"), TYPE),
        Field.of("sees slf4j: " + sees("org.slf4j.Logger"), TYPE));
  }

  private static final ColumnType TYPE = ColumnType.STRING;

  private static boolean sees(String className) {
    try {
      Class.forName(className, false, SampleConnector.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  @Override
  public void prepare(StageContext context) {
    checkLoader();
  }

  /** Not bundled by the test that calls this. */
  @Override
  public SplitPlan split(SplitRequest request, StageContext context) {
    return new SplitPlan(List.of(), 1, NotBundled.RULE.toString());
  }

  @Override
  public SplitReader open(Split split, ReadContext context) {
    checkLoader();
    return this;
  }

  @Override
  public boolean read(RecordBatch into) {
    checkLoader();
    return false;
  }

  @Override
  public void finish(List<Split> splits, StageContext context) {
    checkLoader();
  }

  @Override
  public void close() {
    checkLoader();
  }
}
