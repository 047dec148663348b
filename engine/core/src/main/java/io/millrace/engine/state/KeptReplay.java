package io.millrace.engine.state;

import java.util.Map;

/**
 * A replay of a run's dirty records, as the state of that run keeps it.
 *
 * @param directory the absolute path of the replay's own run directory
 * @param files the absolute path of each file that the replay took, with the checksum of what it
 *     held then
 */
public record KeptReplay(String directory, Map<String, String> files) {

  /** Takes a copy of the files. */
  public KeptReplay {
    files = Map.copyOf(files);
  }
}
