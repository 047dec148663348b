package io.millrace.engine.task;

import io.millrace.api.Sensitive;
import io.millrace.api.ServerCertificates;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Named connections, kept apart from tasks. Their options go under a connector's own; where both
 * have one, the task's counts. The file is read when the first name is looked up.
 */
final class DataSources {

  private final ReadSettings settings;
  private final Notes notes;
  private final Set<String> secrets = new LinkedHashSet<>();
  private @Nullable Node entries;

  DataSources(ReadSettings settings, Notes notes) {
    this.settings = settings;
    this.notes = notes;
  }

  /** A connector's options, and the certificates of the data source that some of them are of. */
  record Completed(Node options, ServerCertificates certificates) {}

  /**
   * The connector's options with those of its data source, if it names one, under its {@code
   * datasource} or (in DataWorks files) within {@code connection[]}.
   *
   * @param options after parameters
   */
  Completed complete(Node options, String connector) {
    Map<String, @Nullable Object> own = new LinkedHashMap<>(options.entries());
    Optional<String> name = name(options, own);
    if (name.isEmpty()) {
      return new Completed(options.with(own), ServerCertificates.NONE);
    }
    Map<String, Object> source = new LinkedHashMap<>(read(name.get(), options));
    Object type = source.remove("type");
    DataSourceLookup lookup = settings.lookup();
    if (lookup != null) {
      refuseRedirection(options, own, source, type, connector, lookup.declarations());
    }
    checkType(name.get(), type, connector);
    Set<String> ownKeys = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    own.forEach(
        (key, value) -> {
          if (value != null) {
            ownKeys.add(key);
          }
        });
    Map<String, @Nullable Object> merged = new LinkedHashMap<>();
    source.forEach(
        (key, value) -> {
          if (ownKeys.contains(key)) {
            notes.remark(
                options.child(key) + ": the task's own value counts, not that of " + name.get());
          } else {
            merged.put(key, value);
          }
        });
    own.forEach(
        (key, value) -> {
          if (value != null || !merged.containsKey(key)) {
            merged.put(key, value);
          }
        });
    return new Completed(
        options.with(merged),
        lookup == null ? ServerCertificates.NONE : lookup.certificates(name.get()));
  }

  /** What is known of a connector's options while a task is read. */
  OptionRules rules(String connector) {
    DataSourceLookup lookup = settings.lookup();
    OptionRules known =
        lookup == null ? OptionRules.BY_NAME : lookup.declarations().rules(connector);
    return known == OptionRules.UNKNOWN ? OptionRules.BY_NAME : known;
  }

  /** Finds the name and takes it out of the options. */
  private static Optional<String> name(Node options, Map<String, @Nullable Object> own) {
    Set<String> names = new LinkedHashSet<>();
    options.at("datasource").text().ifPresent(names::add);
    own.remove("datasource");
    Node connections = options.at("connection");
    if (connections.value() instanceof List) {
      List<@Nullable Object> rest = new ArrayList<>();
      for (Node connection : connections.items()) {
        if (!(connection.value() instanceof Map)) {
          return Optional.empty(); // the connector says what is wrong with it
        }
        Map<String, @Nullable Object> entry = new LinkedHashMap<>(connection.entries());
        connection.at("datasource").text().ifPresent(names::add);
        entry.remove("datasource");
        rest.add(entry);
      }
      own.put("connection", rest);
    }
    if (names.size() > 1) {
      throw options.wrong(
          "names several data sources (" + String.join(", ", names) + "): one task reads from one");
    }
    return names.stream().findFirst();
  }

  /**
   * Whoever may write a task may use the secrets of a stored data source, and not see them: so a
   * task must not decide where they go.
   */
  private static void refuseRedirection(
      Node options,
      Map<String, @Nullable Object> own,
      Map<String, Object> source,
      @Nullable Object type,
      String connector,
      Declarations declarations) {
    OptionRules rules = declarations.rules(connector);
    boolean itsOwn =
        type == null || declarations.name(type.toString()).equals(declarations.name(connector));
    OptionRules typeRules = itsOwn ? rules : declarations.rules(type.toString());
    if (!rules.holdsSecrets(source) && !typeRules.holdsSecrets(source)) {
      return;
    }
    if (!itsOwn && !isUnderstood(source, typeRules, rules)) {
      throw options.wrong(
          "names a data source of type "
              + Node.shorten(type.toString())
              + " that holds secrets, which connectors of another type would send elsewhere");
    }
    own.forEach(
        (key, value) -> {
          String spelling = spelling(key, source);
          Object kept = spelling == null ? null : source.get(spelling);
          if (value == null || value.equals(kept)) {
            return;
          }
          rules
              .directing(Map.of(key, value))
              .ifPresent(
                  path -> {
                    throw options.wrong(
                        "sets '"
                            + Node.shorten(path)
                            + "' beside a data source that holds secrets, and that decides where"
                            + " these go: take it out, or set it in the data source");
                  });
          if (kept != null) {
            rules
                .directing(Map.of(key, kept))
                .ifPresent(
                    path -> {
                      throw options.wrong(
                          "sets '"
                              + Node.shorten(key)
                              + "', in whose place '"
                              + Node.shorten(path)
                              + "' of the data source would be lost, which decides where its"
                              + " secrets go: take it out, or set it in the data source");
                    });
          }
        });
  }

  /** True when a connector of another type sends the secrets where those of its type would. */
  private static boolean isUnderstood(
      Map<String, Object> source, OptionRules type, OptionRules connector) {
    Map<String, String> where = type.directingValues(source);
    return !where.isEmpty() && where.equals(connector.directingValues(source));
  }

  private static @Nullable String spelling(String key, Map<String, Object> source) {
    return source.keySet().stream().filter(key::equalsIgnoreCase).findFirst().orElse(null);
  }

  private void checkType(String name, @Nullable Object type, String connector) {
    if (type != null && !plain(type.toString()).equals(plain(connector))) {
      notes.remark(
          "data source '" + name + "' is of type " + type + ", but is used by " + connector);
    }
  }

  private static String plain(String connector) {
    return connector.toLowerCase(Locale.ROOT).replaceAll("(reader|writer)$", "");
  }

  private Map<String, Object> read(String name, Node where) {
    DataSourceLookup lookup = settings.lookup();
    if (lookup != null) {
      return lookup
          .find(name)
          .orElseThrow(
              () ->
                  where.wrong(
                      "names the data source '"
                          + Sensitive.plain(Node.shorten(name))
                          + "', which does not exist"));
    }
    Node all = entries();
    if (all.isAbsent() && !Files.exists(settings.dataSources())) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          where.file()
              + ": "
              + where.path()
              + " names the data source '"
              + name
              + "', but "
              + settings.dataSources()
              + " does not exist: write it, or give another file with --datasources");
    }
    Node entry = all.at(name);
    if (entry.isAbsent()) {
      List<String> known = Nearest.sorted(name, all.entries().keySet());
      throw where.wrong(
          "names the data source '"
              + name
              + "', which is not in "
              + settings.dataSources()
              + (known.isEmpty()
                  ? ": no data source is in it, add this one"
                  : "; known are: "
                      + String.join(", ", known.subList(0, Math.min(20, known.size())))));
    }
    warnOfPlainSecrets(entry);
    Path directory = Optional.ofNullable(settings.dataSources().getParent()).orElse(Path.of(""));
    References references = new References(directory, settings.environment());
    Map<String, Object> resolved = references.resolve(entry);
    secrets.addAll(references.secrets());
    return resolved;
  }

  private Node entries() {
    Node known = entries;
    if (known == null) {
      Path file = settings.dataSources();
      known =
          Files.exists(file)
              ? Documents.readOrEmpty(file, "data source file")
              : new Node(file.toString(), "", null);
      entries = known;
    }
    return known;
  }

  private void warnOfPlainSecrets(Node entry) {
    boolean plain =
        entry.entries().entrySet().stream()
            .anyMatch(
                each -> each.getValue() instanceof String && SecretNames.isSecret(each.getKey()));
    if (!plain) {
      return;
    }
    try {
      if (Files.getPosixFilePermissions(settings.dataSources())
          .contains(PosixFilePermission.OTHERS_READ)) {
        notes.remark(
            settings.dataSources()
                + " holds plain secrets and every user of this machine can read it: chmod 600 it,"
                + " or use {env: NAME} or {file: PATH}");
      }
    } catch (IOException | UnsupportedOperationException e) {
      // No such permissions here: nothing to warn of.
      return;
    }
  }

  /** The secrets that were fetched from elsewhere. */
  Set<String> secrets() {
    return secrets;
  }
}
