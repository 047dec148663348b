package io.millrace.loghub.fake;

import com.aliyun.openservices.log.common.Logs.LogGroup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A shard. Its cursors are numbers in Base64, from an arbitrary start, as the service's are. */
public final class FakeShard {

  private static final long FIRST = 1_447_299_606_896_632_356L;

  private final int id;
  private final List<LogGroup> groups = new ArrayList<>();
  private final List<Long> arrivals = new ArrayList<>();
  private boolean readOnly;
  private int expired;

  FakeShard(int id) {
    this.id = id;
  }

  public int id() {
    return id;
  }

  public synchronized boolean readOnly() {
    return readOnly;
  }

  synchronized void makeReadOnly() {
    readOnly = true;
  }

  synchronized void add(long arrival, LogGroup group) {
    groups.add(group);
    arrivals.add(arrival);
  }

  public synchronized List<LogGroup> groups() {
    return List.copyOf(groups);
  }

  /** Retention removes the first log groups. */
  public synchronized void expire(int count) {
    expired = count;
  }

  synchronized int expired() {
    return expired;
  }

  synchronized int size() {
    return groups.size();
  }

  synchronized LogGroup group(int index) {
    return groups.get(index);
  }

  /** The index of the first log group that arrived at or after a time, among those still there. */
  synchronized int at(long seconds) {
    int index = expired;
    while (index < arrivals.size() && arrivals.get(index) < seconds) {
      index++;
    }
    return index;
  }

  static String cursor(int index) {
    return Base64.getEncoder()
        .encodeToString(Long.toString(FIRST + index).getBytes(StandardCharsets.US_ASCII));
  }

  /** The index a cursor stands for; -1 when it is none. */
  static int index(String cursor) {
    try {
      String number = new String(Base64.getDecoder().decode(cursor), StandardCharsets.US_ASCII);
      return Math.toIntExact(Long.parseLong(number) - FIRST);
    } catch (IllegalArgumentException | ArithmeticException e) {
      return -1;
    }
  }
}
