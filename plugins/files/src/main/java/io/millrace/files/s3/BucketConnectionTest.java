package io.millrace.files.s3;

import io.millrace.api.ConnectionTest;
import io.millrace.api.StageContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import java.util.ArrayList;
import java.util.List;

/** Lists the bucket that a data source names, which reader and writer do as well. Stateless. */
public final class BucketConnectionTest implements ConnectionTest {

  private static final ConfigOption<Object> OBJECT =
      ConfigOption.json("object", "What is listed; by default the whole bucket.")
          .withAliases("path")
          .withOpenContent();

  @Override
  public List<ConfigOption<?>> options() {
    List<ConfigOption<?>> options = new ArrayList<>(S3Options.declared());
    options.add(OBJECT);
    return options;
  }

  @Override
  public String test(Options options, StageContext context) {
    S3Options place = S3Options.of(options).forOneAnswer();
    try (S3Store store = new S3Store(place)) {
      // An account may be bound to a folder.
      store.list(prefix(options), context.cancellation()).hasNext();
      return "S3: " + place + " lists its objects, with requests signed for " + place.region();
    }
  }

  /** What stands before the first wildcard of a plain name. */
  private static String prefix(Options options) {
    return options
        .find(OBJECT)
        .filter(given -> given instanceof String text && !text.contains("://"))
        .map(given -> given.toString().replaceFirst("^/", "").replaceFirst("[*?\\[,\\\\].*$", ""))
        .orElse("");
  }
}
