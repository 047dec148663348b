package io.millrace.engine.task;

import java.util.List;
import java.util.Set;

/**
 * One sync, ready to run: parameters and data sources are filled in. Immutable.
 *
 * @param name for messages, the log and the run directory
 * @param strict unknown options are errors; otherwise they are notes
 * @param notes one line for each thing in the file that has no meaning here, for the log
 * @param parameters one line {@code ${name}->value} for each parameter that was replaced, secrets
 *     hidden, for the log
 * @param secrets what must never be written; add what the connectors declare with {@link
 *     Secrets#collect}
 * @param given the texts that a given parameter was put into: also a name among them holds what not
 *     everybody may see
 */
public record TaskSpec(
    String name,
    ConnectorSpec reader,
    ConnectorSpec writer,
    TaskSettings settings,
    boolean strict,
    List<String> notes,
    List<String> parameters,
    Secrets secrets,
    Set<String> given) {

  public TaskSpec {
    notes = List.copyOf(notes);
    parameters = List.copyOf(parameters);
    given = Set.copyOf(given);
  }

  /** A task without given parameters. */
  public TaskSpec(
      String name,
      ConnectorSpec reader,
      ConnectorSpec writer,
      TaskSettings settings,
      boolean strict,
      List<String> notes,
      List<String> parameters,
      Secrets secrets) {
    this(name, reader, writer, settings, strict, notes, parameters, secrets, Set.of());
  }

  /** A task that was not read from a file, so that no secrets are known beyond its options. */
  public TaskSpec(
      String name,
      ConnectorSpec reader,
      ConnectorSpec writer,
      TaskSettings settings,
      boolean strict,
      List<String> notes,
      List<String> parameters) {
    this(name, reader, writer, settings, strict, notes, parameters, Secrets.NONE);
  }

  /** Its reading half. */
  public SourceSpec source() {
    return new SourceSpec(name, reader, settings, strict, secrets);
  }
}
