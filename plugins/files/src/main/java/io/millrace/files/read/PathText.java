package io.millrace.files.read;

import java.util.List;

/**
 * What a task wrote for the files to read, as the store would call it.
 *
 * @param whole the text as one name
 * @param parts the names in it; the whole one where it is not a list
 */
public record PathText(String whole, List<String> parts) {

  public PathText {
    parts = List.copyOf(parts);
  }
}
