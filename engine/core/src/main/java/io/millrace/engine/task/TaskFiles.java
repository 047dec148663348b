package io.millrace.engine.task;

import io.millrace.api.error.MillraceException;
import io.millrace.engine.task.Outline.End;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Reads task files: DataX JSON, DataWorks code-editor JSON, and Millrace's own short form in YAML.
 * The form is told by what the file holds, not by its name.
 *
 * <p>The order of things is what keeps values harmless: the document is parsed, its structure is
 * taken, then parameters are put into its texts, then data sources are looked up, then settings are
 * understood.
 */
public final class TaskFiles {

  private TaskFiles() {}

  /**
   * The task in a file, ready to run.
   *
   * @throws MillraceException with {@link io.millrace.api.error.StandardError#CONFIGURATION} and
   *     one line that says what is wrong, where it stands and what to do
   */
  public static TaskSpec read(Path file, ReadSettings settings) {
    return read(
        Documents.read(file, "task file"), nameOf(file), references(file, settings), settings);
  }

  private static References references(Path file, ReadSettings settings) {
    Path directory = Optional.ofNullable(file.getParent()).orElse(Path.of(""));
    return new References(directory, settings.environment());
  }

  /**
   * The task in a text that comes from elsewhere, ready to run. References to files and variables
   * of this machine are refused: who may write a task may not read those.
   *
   * @param name the task's name unless the text has one, and what stands for the file in messages
   * @throws MillraceException as {@link #read(Path, ReadSettings)} does
   */
  public static TaskSpec read(String name, String text, ReadSettings settings) {
    return read(Documents.read(name, text, "task"), safeName(name), References.refused(), settings);
  }

  /**
   * What the task in a text reads from. The short form may lack its writer: a reader can be looked
   * at before anybody knows where its records shall go.
   *
   * @throws MillraceException as {@link #read(String, String, ReadSettings)} does
   */
  public static SourceSpec readSource(String name, String text, ReadSettings settings) {
    return readSource(
        Documents.read(name, text, "task"), safeName(name), References.refused(), settings);
  }

  /**
   * What the task in a file reads from, as {@link #readSource(String, String, ReadSettings)} does
   * for a text.
   *
   * @throws MillraceException as {@link #read(Path, ReadSettings)} does
   */
  public static SourceSpec readSource(Path file, ReadSettings settings) {
    return readSource(
        Documents.read(file, "task file"), nameOf(file), references(file, settings), settings);
  }

  private static SourceSpec readSource(
      Node root, String name, References references, ReadSettings settings) {
    Notes notes = new Notes();
    Outline outline = outline(root, settings, notes);
    Substitution parameters = substitution(outline, settings, notes);
    DataSources sources = new DataSources(settings, notes);
    ConnectorSpec reader = connector(outline.reader(), parameters, sources, references);
    Set<String> secrets = new LinkedHashSet<>(parameters.secrets());
    secrets.addAll(sources.secrets());
    secrets.addAll(references.secrets());
    return new SourceSpec(
        name,
        reader,
        outline.settings().apply(parameters),
        settings.strict() || isShortForm(root),
        Secrets.NONE.plus(secrets).collect(reader, OptionRules.BY_NAME));
  }

  private static TaskSpec read(
      Node root, String defaultName, References references, ReadSettings settings) {
    Notes notes = new Notes();
    Outline outline = outline(root, settings, notes);
    Substitution parameters = substitution(outline, settings, notes);
    DataSources sources = new DataSources(settings, notes);
    ConnectorSpec reader = connector(outline.reader(), parameters, sources, references);
    End writing = outline.writer();
    if (writing == null) {
      throw OwnForm.missing(root.at("writer"));
    }
    ConnectorSpec writer = connector(writing, parameters, sources, references);
    TaskSettings taskSettings = outline.settings().apply(parameters);
    String name = name(parameters.apply(outline.name()), defaultName);
    parameters.remarkUnused();
    Set<String> secrets = new LinkedHashSet<>(parameters.secrets());
    secrets.addAll(sources.secrets());
    secrets.addAll(references.secrets());
    return new TaskSpec(
        name,
        reader,
        writer,
        taskSettings,
        // The short form is Millrace's own: nobody has files with stray keys in it.
        settings.strict() || isShortForm(root),
        notes.lines(root.file(), settings.strict()),
        parameters.lines(),
        Secrets.NONE
            .plus(secrets)
            .collect(reader, OptionRules.BY_NAME)
            .collect(writer, OptionRules.BY_NAME),
        parameters.givenTexts());
  }

  private static boolean isShortForm(Node root) {
    Set<String> keys = root.entries().keySet();
    return !keys.contains("job") && !isDataworks(keys);
  }

  private static boolean isDataworks(Set<String> keys) {
    return keys.contains("steps") || keys.contains("type") || keys.contains("configuration");
  }

  static Outline outline(Node root, ReadSettings settings, Notes notes) {
    Set<String> keys = root.entries().keySet();
    if (keys.contains("job")) {
      return DataxForm.outline(root, settings, notes);
    }
    if (isDataworks(keys)) {
      return DataworksForm.outline(root, settings, notes);
    }
    if (keys.contains("content")) {
      throw root.wrong("has 'content' at the top: in a DataX file it stands below 'job'");
    }
    return OwnForm.outline(root, settings);
  }

  /** The zone may itself hold a parameter; time parameters in it count in the default zone. */
  static Substitution substitution(Outline outline, ReadSettings settings, Notes notes) {
    Node node =
        new Substitution(
                settings, settings.timeBase(settings.zone()), outline.bareNames(), new Notes())
            .apply(outline.zone());
    ZoneId zone = node.text().map(text -> Quantities.zone(node, text)).orElse(settings.zone());
    return new Substitution(settings, settings.timeBase(zone), outline.bareNames(), notes);
  }

  private static ConnectorSpec connector(
      End end, Substitution parameters, DataSources sources, References references) {
    Node options = parameters.apply(end.options(), sources.rules(end.connector()));
    Node own = options.with(references.resolve(options));
    DataSources.Completed completed = sources.complete(own, end.connector());
    return new ConnectorSpec(
        end.connector(), completed.options().entries(), completed.certificates());
  }

  private static String name(Node node, String defaultName) {
    Optional<String> given = node.text();
    if (given.isPresent()) {
      if (!given.get().matches("[\\p{L}\\p{N}._ -]{1,100}") || given.get().startsWith(".")) {
        throw node.wrong("must be made of letters, digits, blanks and . _ - (at most 100)");
      }
      return given.get();
    }
    return defaultName;
  }

  private static String nameOf(Path file) {
    return safeName(String.valueOf(file.getFileName()).replaceFirst("(?<=.)\\.[A-Za-z0-9]+$", ""));
  }

  private static String safeName(String given) {
    String name = given.replaceAll("[^\\p{L}\\p{N}._ -]", "_").replaceFirst("^\\.", "_");
    return name.length() <= 100 ? name : name.substring(0, 100);
  }
}
