package io.millrace.files.read;

import io.millrace.api.TaskForm;
import io.millrace.files.option.Dialect;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What counts in the names of files that are read. {@code *} and {@code ?} always do.
 *
 * @param features the others
 */
record PathSyntax(Set<Feature> features) {

  /** One of the things that not every kind of document knows. */
  enum Feature {
    /** A single {@code *} crosses folders. */
    STAR_CROSSES,
    /** {@code [0-9]} stands for one of a set. */
    SETS,
    /** A backslash takes the meaning from the character behind it. */
    ESCAPES,
    /** A text, though not an entry of a list, is several names with commas between. */
    COMMAS
  }

  PathSyntax {
    features = Set.copyOf(features);
  }

  /**
   * That of a kind of document. DataX knows nothing but {@code *} and {@code ?}; DataWorks knows
   * sets and commas besides.
   */
  static PathSyntax of(TaskForm form, Dialect dialect) {
    Set<Feature> features =
        switch (form) {
          case OWN -> EnumSet.of(Feature.SETS, Feature.ESCAPES, Feature.COMMAS);
          case DATAX -> EnumSet.noneOf(Feature.class);
          case DATAWORKS -> EnumSet.of(Feature.SETS, Feature.COMMAS);
        };
    if (dialect == Dialect.DATAX) {
      features.add(Feature.STAR_CROSSES);
    }
    return new PathSyntax(features);
  }

  boolean has(Feature feature) {
    return features.contains(feature);
  }

  /** Splits a list at its commas, but for those behind a backslash that counts. */
  List<String> list(String text) {
    if (!has(Feature.COMMAS)) {
      return List.of(text);
    }
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && has(Feature.ESCAPES) && i + 1 < text.length()) {
        part.append(c).append(text.charAt(++i));
      } else if (c == ',') {
        parts.add(part.toString().strip());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString().strip());
    return parts.stream().filter(each -> !each.isEmpty()).toList();
  }
}
