package io.millrace.loghub.fake;

import com.aliyun.openservices.log.common.Logs.Log;
import com.aliyun.openservices.log.common.Logs.LogGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/** A logstore: shards that hold log groups in the order they arrived. Safe for several threads. */
public final class FakeLogstore {

  private final String name;
  private final List<FakeShard> shards = new ArrayList<>();
  private int nextShard;
  private long arrival = 1_700_000_000;
  private int maxGroups = 1000;
  private int ttlDays = 3650;
  private boolean clipsExpired;
  private int created = 1_600_000_000;
  private IntFunction<String> next = FakeShard::cursor;
  private Predicate<LogGroup> filter = group -> true;
  private String lastQuery = "";

  FakeLogstore(String name, int shards) {
    this.name = name;
    for (int i = 0; i < shards; i++) {
      this.shards.add(new FakeShard(i));
    }
  }

  /** A logstore's own name. */
  public String name() {
    return name;
  }

  public synchronized List<FakeShard> shards() {
    return List.copyOf(shards);
  }

  public synchronized FakeShard shard(int id) {
    return shards.get(id);
  }

  /** What is put from now on arrives at this time, in seconds since 1970. */
  public synchronized FakeLogstore arriveAt(long seconds) {
    arrival = seconds;
    return this;
  }

  /** The most log groups in one answer, whatever was asked for. */
  public synchronized FakeLogstore answerAtMost(int groups) {
    maxGroups = groups;
    return this;
  }

  public synchronized FakeLogstore keepForDays(int days) {
    ttlDays = days;
    return this;
  }

  /** An expired cursor gives what is left, without a word, rather than an error. */
  public synchronized FakeLogstore clipExpired() {
    clipsExpired = true;
    return this;
  }

  /** Another logstore has this one's name now. */
  public synchronized void createAgain() {
    created++;
  }

  synchronized int created() {
    return created;
  }

  /** Answers go on at cursors that are not those of the next log group. */
  public synchronized FakeLogstore goOnAt(IntFunction<String> cursorOfIndex) {
    next = cursorOfIndex;
    return this;
  }

  synchronized String next(int index) {
    return next.apply(index);
  }

  /** What passes when a query is given. */
  public synchronized FakeLogstore filter(Predicate<LogGroup> passes) {
    filter = passes;
    return this;
  }

  synchronized boolean passes(byte[] group, String query) {
    lastQuery = query;
    return query.isEmpty() || filter.test(FakeShard.parsed(group));
  }

  public synchronized String lastQuery() {
    return lastQuery;
  }

  synchronized int maxGroups() {
    return maxGroups;
  }

  synchronized int ttlDays() {
    return ttlDays;
  }

  synchronized boolean clipsExpired() {
    return clipsExpired;
  }

  /** Keeps a log group in the next shard that can be written. */
  public synchronized void put(LogGroup group) {
    List<FakeShard> writable = shards.stream().filter(shard -> !shard.readOnly()).toList();
    put(writable.get(nextShard++ % writable.size()).id(), group);
  }

  public synchronized void put(int shard, LogGroup group) {
    shards.get(shard).add(arrival, group.toByteArray());
  }

  /** A log group whose one log ends in the midst of a value. */
  public synchronized void putBroken(int shard) {
    byte[] log = {8, 1, 18, 10, 10, 1, 'n', 18, 100, 'x', 'y', 'z', 'x', 'y', 'z', 'x'};
    byte[] group = new byte[log.length + 2];
    group[0] = 10;
    group[1] = (byte) log.length;
    System.arraycopy(log, 0, group, 2, log.length);
    shards.get(shard).add(arrival, group);
  }

  /** Retention passes a reader between two answers. */
  public synchronized void expireAfterNextAnswer(int shard, int groups) {
    shards.get(shard).expireAfterNextAnswer(groups);
  }

  /** One log group of one log. */
  public void put(int shard, Map<String, String> log) {
    put(shard, group(log));
  }

  public static LogGroup group(Map<String, String> log) {
    Log.Builder builder = Log.newBuilder().setTime(1_600_000_000);
    log.forEach(
        (key, value) -> builder.addContents(Log.Content.newBuilder().setKey(key).setValue(value)));
    return LogGroup.newBuilder().setTopic("t").setSource("s").addLogs(builder).build();
  }

  /** Makes a shard read-only and puts two new ones beside it. */
  public synchronized void split(int shard) {
    shards.get(shard).makeReadOnly();
    shards.add(new FakeShard(shards.size()));
    shards.add(new FakeShard(shards.size()));
  }

  /** Every log of every shard, as maps. */
  public synchronized List<Map<String, String>> logs() {
    List<Map<String, String>> logs = new ArrayList<>();
    for (FakeShard shard : shards) {
      for (LogGroup group : shard.groups()) {
        for (Log log : group.getLogsList()) {
          Map<String, String> map = new LinkedHashMap<>();
          log.getContentsList().forEach(c -> map.put(c.getKey(), c.getValue()));
          logs.add(map);
        }
      }
    }
    return logs;
  }
}
