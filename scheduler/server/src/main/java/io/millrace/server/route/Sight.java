package io.millrace.server.route;

import io.millrace.api.Sensitive;
import io.millrace.server.security.Role;
import org.jspecify.annotations.Nullable;

/** How much of a text that marks data a caller is shown; see {@link Sensitive}. */
public enum Sight {
  /** With its marks: another node decides for whom it asks. */
  MARKED {
    @Override
    public String of(String text) {
      return text;
    }
  },
  /** All of it. */
  PLAIN {
    @Override
    public String of(String text) {
      return Sensitive.plain(text);
    }
  },
  /** Without what comes from data, from a statement or from the other end. */
  HIDDEN {
    @Override
    public String of(String text) {
      return Sensitive.isMarked(text) ? Sensitive.hidden(text) : text;
    }
  };

  /** The text as the caller is shown it. */
  public abstract String of(String text);

  /** What somebody of this role sees; null for somebody who has not logged in. */
  public static Sight of(@Nullable Role role) {
    return role != null && role.includes(Role.OPERATOR) ? PLAIN : HIDDEN;
  }
}
