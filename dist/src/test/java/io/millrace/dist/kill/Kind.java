package io.millrace.dist.kill;

import java.util.List;
import java.util.stream.Stream;

/** What is moved, and how it is published. */
record Kind(boolean withKey, String publish) {

  static final List<Kind> ALL =
      List.of(
          new Kind(true, "direct"),
          new Kind(false, "direct"),
          new Kind(true, "swap"),
          new Kind(false, "swap"),
          new Kind(true, "append"),
          new Kind(false, "append"));

  static Stream<Kind> all() {
    return ALL.stream();
  }

  @Override
  public String toString() {
    return publish + (withKey ? ", with a primary key" : ", without a key");
  }
}
