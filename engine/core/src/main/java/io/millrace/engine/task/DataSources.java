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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Named connections, kept apart from tasks. Their options go under a connector's own; where both
 * have one, the task's counts. The file is read when the first name is looked up.
 */
final class DataSources {

  /** What an element of {@code connection} may have of its own. */
  private static final Set<String> IN_ELEMENTS =
      Set.of(
          "jdbcurl", "url", "host", "port", "database", "schema", "username", "user", "password");

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
    Set<String> names = names(options, own);
    if (names.size() > 1) {
      return severally(options, own, connector);
    }
    Optional<String> name = names.stream().findFirst();
    if (name.isEmpty()) {
      return new Completed(options.with(own), ServerCertificates.NONE);
    }
    Map<String, Object> source = source(name.get(), options, own, connector);
    Map<String, @Nullable Object> merged = new LinkedHashMap<>();
    source.forEach(
        (key, value) -> {
          if (isGiven(own, key)) {
            remarkOwn(options, key, name.get());
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
    return new Completed(options.with(merged), certificates(name.get()));
  }

  /**
   * DataWorks' form for shards: each element of {@code connection} has a data source of its own.
   * Where one is and who logs in goes into its element; what else they have must be the same.
   */
  private Completed severally(Node options, Map<String, @Nullable Object> own, String connector) {
    Map<String, @Nullable Object> top = new LinkedHashMap<>(own);
    top.remove("connection");
    List<@Nullable Object> elements = new ArrayList<>();
    Map<String, Map<String, Object>> others = new LinkedHashMap<>();
    SharedCertificates certificates = new SharedCertificates();
    for (Node element : options.at("connection").items()) {
      Map<String, @Nullable Object> entry = new LinkedHashMap<>(element.entries());
      entry.remove("datasource");
      elements.add(entry);
      String name = element.at("datasource").text().orElse("");
      if (name.isEmpty()) {
        throw element.wrong(
            "names no data source, and other elements of 'connection' do: name one here, too");
      }
      Map<String, @Nullable Object> given = new LinkedHashMap<>(top);
      given.putAll(entry);
      Map<String, Object> source = source(name, element, given, connector);
      certificates.add(source, certificates(name));
      Map<String, Object> rest = new TreeMap<>();
      source.forEach(
          (key, value) -> {
            if (isGiven(given, key)) {
              remarkOwn(element, key, name);
            } else if (IN_ELEMENTS.contains(key.toLowerCase(Locale.ROOT))) {
              entry.put(key, value);
            } else {
              rest.put(key, value);
            }
          });
      others.put(name, rest);
    }
    Map<String, @Nullable Object> merged = new LinkedHashMap<>(sameOfAll(options, others));
    own.forEach(
        (key, value) -> {
          if (value != null || !merged.containsKey(key)) {
            merged.put(key, value);
          }
        });
    merged.put("connection", elements);
    return new Completed(options.with(merged), certificates);
  }

  private static Map<String, Object> sameOfAll(
      Node options, Map<String, Map<String, Object>> bySource) {
    Map.Entry<String, Map<String, Object>> first = bySource.entrySet().iterator().next();
    bySource.forEach(
        (name, others) -> {
          Set<String> keys = new TreeSet<>(first.getValue().keySet());
          keys.addAll(others.keySet());
          for (String key : keys) {
            if (!Objects.equals(first.getValue().get(key), others.get(key))) {
              throw options.wrong(
                  "names the data sources '"
                      + first.getKey()
                      + "' and '"
                      + name
                      + "', which do not say the same of '"
                      + Node.shorten(key)
                      + "', and a task has one of it for all: set it in the task");
            }
          }
        });
    return first.getValue();
  }

  private static boolean isGiven(Map<String, @Nullable Object> own, String key) {
    return own.entrySet().stream()
        .anyMatch(each -> each.getValue() != null && each.getKey().equalsIgnoreCase(key));
  }

  private void remarkOwn(Node options, String key, String name) {
    notes.remark(options.child(key) + ": the task's own value counts, not that of " + name);
  }

  /** The options of a data source, whose secrets stay where they are meant to go. */
  private Map<String, Object> source(
      String name, Node options, Map<String, @Nullable Object> own, String connector) {
    Map<String, Object> source = new LinkedHashMap<>(read(name, options));
    Object type = source.remove("type");
    DataSourceLookup lookup = settings.lookup();
    if (lookup != null) {
      refuseRedirection(options, own, source, type, connector, lookup.declarations());
    }
    checkType(name, type, connector);
    return source;
  }

  private ServerCertificates certificates(String name) {
    DataSourceLookup lookup = settings.lookup();
    return lookup == null ? ServerCertificates.NONE : lookup.certificates(name);
  }

  /** What is known of a connector's options while a task is read. */
  OptionRules rules(String connector) {
    DataSourceLookup lookup = settings.lookup();
    OptionRules known =
        lookup == null ? OptionRules.BY_NAME : lookup.declarations().rules(connector);
    return known == OptionRules.UNKNOWN ? OptionRules.BY_NAME : known;
  }

  /** Finds the names and takes them out of the options. */
  private static Set<String> names(Node options, Map<String, @Nullable Object> own) {
    Set<String> names = new LinkedHashSet<>();
    Optional<String> top = options.at("datasource").text();
    top.ifPresent(names::add);
    own.remove("datasource");
    Node connections = options.at("connection");
    if (connections.value() instanceof List) {
      List<@Nullable Object> rest = new ArrayList<>();
      for (Node connection : connections.items()) {
        if (!(connection.value() instanceof Map)) {
          return Set.of(); // the connector says what is wrong with it
        }
        Map<String, @Nullable Object> entry = new LinkedHashMap<>(connection.entries());
        connection.at("datasource").text().ifPresent(names::add);
        entry.remove("datasource");
        rest.add(entry);
      }
      own.put("connection", rest);
    }
    if (names.size() > 1 && top.isPresent()) {
      throw options.wrong(
          "names the data source '"
              + top.get()
              + "' beside others within 'connection' ("
              + String.join(", ", names)
              + "): take it out, or out of them");
    }
    return names;
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
