package io.millrace.engine.attempt;

import io.millrace.api.Connector;
import io.millrace.api.Counted;
import io.millrace.api.StageContext;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.read.Overlap;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Writer;
import io.millrace.api.write.WriterFactory;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.ConnectorSpec;
import io.millrace.engine.task.SourceSpec;
import io.millrace.engine.task.TaskSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The two ends of a task: its reader and its writer with checked options. Making them connects to
 * nothing.
 */
final class Ends implements AutoCloseable {

  private final Reader reader;
  private final Writer writer;
  private final List<String> notes;

  private Ends(Reader reader, Writer writer, List<String> notes) {
    this.reader = reader;
    this.writer = writer;
    this.notes = List.copyOf(notes);
  }

  /**
   * Makes both ends.
   *
   * @throws MillraceException that names every wrong option at once
   */
  static Ends create(TaskSpec task, Connectors connectors, TaskContext context) {
    List<String> notes = new ArrayList<>();
    ReaderFactory readers = readers(task.reader(), connectors);
    WriterFactory writers =
        find(task.writer(), connectors)
            .writer()
            .orElseThrow(() -> cannot(task.writer(), "cannot write"));
    List<String> problems = new ArrayList<>();
    Options readerOptions =
        check("reader", task.reader(), readers.options(), task.strict(), problems, notes);
    Options writerOptions =
        check("writer", task.writer(), writers.options(), task.strict(), problems, notes);
    refuse(task.name(), problems);
    Reader reader =
        readers.create(readerOptions, context.withCertificates(task.reader().certificates()));
    try {
      TaskContext ofWriter = context.withCertificates(task.writer().certificates());
      return new Ends(reader, writers.create(writerOptions, ofWriter), notes);
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /**
   * Makes the reader alone.
   *
   * @param notes takes one line for each unknown option that was passed over
   * @throws MillraceException that names every wrong option at once
   */
  static Reader reader(
      SourceSpec source, Connectors connectors, TaskContext context, List<String> notes) {
    ReaderFactory readers = readers(source.reader(), connectors);
    List<String> problems = new ArrayList<>();
    Options options =
        check("reader", source.reader(), readers.options(), source.strict(), problems, notes);
    refuse(source.name(), problems);
    return readers.create(options, context.withCertificates(source.reader().certificates()));
  }

  private static ReaderFactory readers(ConnectorSpec reader, Connectors connectors) {
    return find(reader, connectors).reader().orElseThrow(() -> cannot(reader, "cannot read"));
  }

  private static void refuse(String task, List<String> problems) {
    if (!problems.isEmpty()) {
      throw new MillraceException(
          StandardError.CONFIGURATION, "task '" + task + "': " + String.join("; ", problems));
    }
  }

  /** The connector of an end, by any of its names. */
  static Connector find(ConnectorSpec spec, Connectors connectors) {
    return connectors
        .find(spec.connector())
        .orElseThrow(
            () ->
                new MillraceException(
                    StandardError.PLUGIN,
                    "no connector is called '"
                        + spec.connector()
                        + "'; installed: "
                        + String.join(", ", connectors.names())
                        + "; put its plugin zip into the plugins directory"));
  }

  private static MillraceException cannot(ConnectorSpec spec, String what) {
    return new MillraceException(
        StandardError.CONFIGURATION, "the connector '" + spec.connector() + "' " + what);
  }

  private static Options check(
      String end,
      ConnectorSpec spec,
      List<ConfigOption<?>> declared,
      boolean strict,
      List<String> problems,
      List<String> notes) {
    Options.Checked checked = Options.check(declared, spec.options());
    String where = end + " " + spec.connector() + ": ";
    checked.problems().forEach(problem -> problems.add(where + problem));
    for (Options.UnknownKey unknown : checked.unknown()) {
      String line =
          where
              + "option '"
              + unknown.key()
              + "' is unknown"
              + (unknown.nearest() == null ? "" : "; did you mean '" + unknown.nearest() + "'?");
      (strict ? problems : notes).add(line);
    }
    return checked.options();
  }

  /**
   * The source's columns.
   *
   * @throws MillraceException when the source cannot be read, or the connector gives no columns
   */
  Schema schema(StageContext context) {
    return schema(reader, context);
  }

  /** The same of a reader alone. */
  static Schema schema(Reader reader, StageContext context) {
    Schema schema = reader.schema(context);
    if (schema == null || schema.size() == 0) {
      throw new MillraceException(
          StandardError.INTERNAL, "the reader names no columns; its connector is at fault");
    }
    return schema;
  }

  /**
   * Checks that the source can be written to the target, and that they are not one.
   *
   * @throws MillraceException when the task has to be refused
   */
  Checked checked(Schema source, StageContext context) {
    Schema target = writer.check(source, context);
    if (target == null || target.size() != source.size()) {
      throw new MillraceException(
          StandardError.INTERNAL,
          "the writer names "
              + (target == null ? "no columns" : Counted.of(target.size(), "column", "columns"))
              + " for "
              + source.size()
              + " of the source; its connector is at fault");
    }
    List<String> warnings = new ArrayList<>();
    writer.marked(
        context,
        mark -> {
          Overlap overlap = reader.overlap(mark, context);
          switch (overlap.kind()) {
            case NONE -> {}
            case POSSIBLE -> warnings.add(overlap.message());
            case CERTAIN ->
                throw new MillraceException(StandardError.CONFIGURATION, overlap.message());
          }
        });
    return new Checked(target, warnings);
  }

  /**
   * What a check found.
   *
   * @param target the target's columns, one for each of the source
   * @param warnings one line for each thing to warn of
   */
  record Checked(Schema target, List<String> warnings) {}

  /**
   * Cuts the source as the target wants it. After {@link #checked}.
   *
   * @throws MillraceException when the source cannot be cut, or two splits could be taken for each
   *     other
   */
  SplitPlan split(int channels, StageContext context) {
    SplitPlan plan = reader.split(new SplitRequest(channels, writer.wantsWholeSplits()), context);
    Reconciliation.checkDistinct(plan.splits());
    return plan;
  }

  Reader reader() {
    return reader;
  }

  Writer writer() {
    return writer;
  }

  /** One line for each unknown option that was passed over. */
  List<String> notes() {
    return notes;
  }

  @Override
  public void close() {
    try {
      reader.close();
    } finally {
      writer.close();
    }
  }
}
