package io.millrace.engine.connector;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PluginCallsTest {

  private final PluginCalls calls = new PluginCalls("files 1.0", getClass().getClassLoader());

  /** As snappy, whose error is none of linking, says it. */
  private static final class LibraryError extends Error {
    private static final long serialVersionUID = 1;

    LibraryError() {
      super("[FAILED_TO_LOAD_NATIVE_LIBRARY] null");
    }
  }

  static List<Error> errorsOfMachineCode() {
    NoClassDefFoundError second = new NoClassDefFoundError("Could not initialize class Zstd");
    second.initCause(
        new ExceptionInInitializerError("java.lang.UnsatisfiedLinkError: /tmp/libzstd.so"));
    return List.of(
        new UnsatisfiedLinkError("/tmp/libzstd.so: failed to map segment from shared object"),
        new ExceptionInInitializerError(new UnsatisfiedLinkError("/tmp/libzstd.so")),
        second,
        new LibraryError());
  }

  @ParameterizedTest
  @MethodSource("errorsOfMachineCode")
  void machineCodeThatCannotBeLoadedIsToldWithItsFolder(Error error) {
    assertThatThrownBy(
            () ->
                calls.run(
                    () -> {
                      throw error;
                    }))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining(System.getProperty("java.io.tmpdir"))
        .hasMessageContaining("noexec")
        .hasMessageContaining("-Djava.io.tmpdir=")
        .hasMessageNotContaining("another version of Millrace");
  }
}
