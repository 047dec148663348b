package io.millrace.engine.task;

import io.millrace.api.error.MillraceException;
import java.util.Map;

/** What the parameters in a task's text stand for, without its data sources. */
public final class ScriptParameters {

  private ScriptParameters() {}

  /**
   * Each expression that stands in the texts of a task, such as {@code ${dt}} or {@code
   * $[yyyymmdd-1]}, with the value it gets; {@code ***} in place of a secret.
   *
   * @param name stands for the file in messages
   * @param text the task as {@link TaskFiles#read(String, String, ReadSettings)} takes it
   * @param settings the values of names, and the times; data sources are not looked up
   * @throws MillraceException in one line, when the text cannot be understood or an expression has
   *     no value
   */
  public static Map<String, String> values(String name, String text, ReadSettings settings) {
    Node root = Documents.read(name, text, "task");
    Notes notes = new Notes();
    Outline outline = TaskFiles.outline(root, settings, notes);
    Substitution parameters = TaskFiles.substitution(outline, settings, notes);
    outline.ends().forEach(end -> parameters.apply(end.options()));
    outline.settings().apply(parameters);
    parameters.apply(outline.name());
    return parameters.values();
  }
}
