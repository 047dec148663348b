package io.millrace.files.store;

import io.millrace.api.Cancellation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Output to a file with a name of no meaning in a hidden folder. */
final class LocalStagedOutput extends StagedOutput {

  /** Bytes between two looks at the cancellation. */
  private static final long COPIED_AT_ONCE = 16 << 20;

  private final LocalStore store;
  private final String name;
  private final Path staged;
  private final FileChannel channel;
  private final Cancellation cancellation;
  private long size;
  private boolean finished;

  LocalStagedOutput(
      LocalStore store, String name, Path staged, FileChannel channel, Cancellation cancellation) {
    this.store = store;
    this.name = name;
    this.staged = staged;
    this.channel = channel;
    this.cancellation = cancellation;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    cancellation.throwIfCancelled();
    ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
    while (rest.hasRemaining()) {
      channel.write(rest);
    }
    size += length;
  }

  @Override
  public void append(StagedFile part) throws IOException {
    try (FileChannel from = store.openStaged(part)) {
      for (long at = 0; at < part.size(); ) {
        cancellation.throwIfCancelled();
        // By the kernel, from one file to the other.
        long copied = from.transferTo(at, Math.min(COPIED_AT_ONCE, part.size() - at), channel);
        if (copied <= 0) {
          throw LocalStore.changedPart(part, null);
        }
        at += copied;
      }
    }
    size += part.size();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public StagedFile finish() throws IOException {
    channel.force(true);
    channel.close();
    LocalStore.force(staged.getParent());
    long kept = Files.size(staged);
    if (kept != size) {
      throw new IOException(staged + " holds " + kept + " of " + size + " bytes");
    }
    finished = true;
    return new StagedFile(name, size, staged.toString());
  }

  @Override
  public void close() {
    try {
      channel.close();
      if (!finished) {
        Files.deleteIfExists(staged);
      }
    } catch (IOException e) {
      // It stays in the hidden folder, which is swept.
      return;
    }
  }
}
