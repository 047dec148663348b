package io.millrace.testkit;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Messages as people who may see all read them: without the marks of what is data. */
public final class PlainMessages {

  private PlainMessages() {}

  /** {@link Assertions#assertThatThrownBy} for messages without marks. */
  public static AbstractThrowableAssert<?, ? extends Throwable> assertThatThrownBy(
      ThrowingCallable call) {
    return Assertions.assertThatThrownBy(
        () -> {
          try {
            call.call();
          } catch (MillraceException e) {
            throw plain(e);
          }
        });
  }

  /** The same exception with such a message. */
  public static MillraceException plain(MillraceException e) {
    MillraceException plain =
        new MillraceException(
            e.errorCode(), Sensitive.plain(String.valueOf(e.getMessage())), e.getCause());
    plain.setStackTrace(e.getStackTrace());
    return plain;
  }
}
