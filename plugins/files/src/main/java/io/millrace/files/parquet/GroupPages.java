package io.millrace.files.parquet;

import io.millrace.files.store.RandomInput;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;

/** The pages of one row group. Used by one thread. */
final class GroupPages implements PageReadStore {

  private final Footer.Group group;
  private final Map<List<String>, Integer> places = new HashMap<>();
  private final PageBuffer buffer = new PageBuffer();
  private final RandomInput in;
  private final int blockBytes;
  private final long maxPage;

  GroupPages(Footer footer, Footer.Group group, RandomInput in, int blockBytes, long maxPage) {
    this.group = group;
    this.in = in;
    this.blockBytes = blockBytes;
    this.maxPage = maxPage;
    for (ColumnDescriptor column : footer.schema().getColumns()) {
      places.put(Arrays.asList(column.getPath()), places.size());
    }
  }

  @Override
  public PageReader getPageReader(ColumnDescriptor column) {
    Integer place = places.get(Arrays.asList(column.getPath()));
    if (place == null) {
      throw new IllegalStateException("no column " + column);
    }
    Footer.Chunk chunk = group.chunks().get(place);
    ChunkInput input = new ChunkInput(in, chunk.start(), chunk.length(), blockBytes);
    return new ChunkPages(column, chunk, group.rows(), input, buffer, maxPage);
  }

  @Override
  public long getRowCount() {
    return group.rows();
  }
}
