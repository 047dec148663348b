package io.millrace.testkit.sample;

import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Texts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records as canonical texts, see {@link Texts}, which is how tests compare them. */
public final class Records {

  private static final Comparator<List<@Nullable String>> BY_VALUES =
      Comparator.comparing(List::toString);

  private Records() {}

  /** One record of a batch. */
  public static List<@Nullable String> texts(RecordBatch batch, int row) {
    List<@Nullable String> texts = new ArrayList<>();
    for (int i = 0; i < batch.schema().size(); i++) {
      texts.add(Texts.text(batch.column(i), row));
    }
    return Collections.unmodifiableList(texts);
  }

  /** Every record of a batch, in its order. */
  public static List<List<@Nullable String>> texts(RecordBatch batch) {
    List<List<@Nullable String>> texts = new ArrayList<>();
    for (int row = 0; row < batch.size(); row++) {
      texts.add(texts(batch, row));
    }
    return texts;
  }

  /** The same records in an order that depends on nothing but their values. */
  public static List<List<@Nullable String>> sorted(Collection<List<@Nullable String>> records) {
    return records.stream().sorted(BY_VALUES).toList();
  }

  /** A list that may hold null, which {@link List#copyOf} refuses. */
  public static <T extends @Nullable Object> List<T> unmodifiable(List<T> list) {
    return Collections.unmodifiableList(new ArrayList<>(list));
  }
}
