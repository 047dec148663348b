package io.millrace.loghub.fake;

import com.aliyun.openservices.log.common.Logs.LogGroup;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A shard. Its cursors are numbers in Base64, from an arbitrary start, as the service's are. */
public final class FakeShard {

  private static final long FIRST = 1_447_299_606_896_632_356L;

  private final int id;
  private final List<byte[]> groups = new ArrayList<>();
  private final List<Long> arrivals = new ArrayList<>();
  private boolean readOnly;
  private int expired;
  private int expireNext;

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

  /**
   * @param group encoded, which a test may have broken
   */
  synchronized void add(long arrival, byte[] group) {
    groups.add(group);
    arrivals.add(arrival);
  }

  public synchronized List<LogGroup> groups() {
    return groups.stream().map(FakeShard::parsed).toList();
  }

  static LogGroup parsed(byte[] group) {
    try {
      return LogGroup.parseFrom(group);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Retention removes the first log groups as soon as one more answer was given. */
  synchronized void expireAfterNextAnswer(int count) {
    expireNext = count;
  }

  synchronized void answered() {
    expired = Math.max(expired, expireNext);
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

  synchronized byte[] group(int index) {
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

  /** A cursor of the same place that nobody can read as a number. */
  public static String opaque(int index) {
    return "opaque-" + index;
  }

  /** The cursor of a log group. */
  public static String cursor(int index) {
    return Base64.getEncoder()
        .encodeToString(Long.toString(FIRST + index).getBytes(StandardCharsets.US_ASCII));
  }

  /** The index a cursor stands for; -1 when it is none. */
  static int index(String cursor) {
    if (cursor.startsWith("opaque-")) {
      return Integer.parseInt(cursor.substring(7));
    }
    try {
      String number = new String(Base64.getDecoder().decode(cursor), StandardCharsets.US_ASCII);
      return Math.toIntExact(Long.parseLong(number) - FIRST);
    } catch (IllegalArgumentException | ArithmeticException e) {
      return -1;
    }
  }
}
