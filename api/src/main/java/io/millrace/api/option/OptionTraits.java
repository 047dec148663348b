package io.millrace.api.option;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is declared of an option beside its form. Immutable.
 *
 * @param openUrlParameters null when the option holds no URLs
 * @param contentKeys empty unless {@code content} is {@link OptionContent#DECLARED}
 */
record OptionTraits(
    boolean secret,
    boolean directing,
    boolean localPath,
    @Nullable List<String> openUrlParameters,
    OptionContent content,
    List<ConfigOption<?>> contentKeys) {

  static final OptionTraits NONE =
      new OptionTraits(false, false, false, null, OptionContent.UNDECLARED, List.of());

  OptionTraits asSecret() {
    return new OptionTraits(true, directing, localPath, openUrlParameters, content, contentKeys);
  }

  OptionTraits directsSecrets() {
    return new OptionTraits(secret, true, localPath, openUrlParameters, content, contentKeys);
  }

  OptionTraits asLocalPath() {
    return new OptionTraits(secret, directing, true, openUrlParameters, content, contentKeys);
  }

  OptionTraits asUrl(List<String> openParameters) {
    return new OptionTraits(secret, directing, localPath, openParameters, content, contentKeys);
  }

  OptionTraits withContent(OptionContent of, List<ConfigOption<?>> keys) {
    return new OptionTraits(secret, directing, localPath, openUrlParameters, of, keys);
  }
}
