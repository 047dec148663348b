package io.millrace.datahub.fake;

import com.aliyun.datahub.client.model.protobuf.DatahubProtos.FieldData;
import com.aliyun.datahub.client.model.protobuf.DatahubProtos.RecordData;
import com.aliyun.datahub.client.model.protobuf.DatahubProtos.RecordEntry;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A topic: fields, and shards that hold records in the order they arrived. */
public final class FakeTopic {

  /** What the service says of a record that it does not take. */
  public record Verdict(String code, String message) {}

  /** A shard, whose records are numbered from 0. */
  static final class Shard {
    final List<RecordEntry> records = new ArrayList<>();
    boolean closed;
    int expired;
    int expireNext;
  }

  private final String name;
  private final Map<String, String> fields;
  private final List<Shard> shards = new ArrayList<>();
  private long arrival = 1_700_000_000_000L;
  private int turn;
  private int atMost = 1000;
  private int lifecycle = 7;
  private int refuseIn;
  private int created = 1_600_000_000;
  private boolean standsStill;
  private boolean refusesAll;
  private Runnable latestAsked = () -> {};
  private Function<RecordEntry, @Nullable Verdict> judge = record -> null;

  FakeTopic(String name, Map<String, String> fields, int shards) {
    this.name = name;
    this.fields = new LinkedHashMap<>(fields);
    for (int i = 0; i < shards; i++) {
      this.shards.add(new Shard());
    }
  }

  public String name() {
    return name;
  }

  /** Types by names, {@code bigint!} where NULL is not allowed; empty for BLOB records. */
  Map<String, String> fields() {
    return fields;
  }

  List<Shard> shards() {
    return shards;
  }

  /** What is put from now on arrives at this time, in milliseconds since 1970. */
  public synchronized FakeTopic arriveAt(long millis) {
    arrival = millis;
    return this;
  }

  /** The most records in one answer, whatever was asked for. */
  public synchronized FakeTopic answerAtMost(int records) {
    atMost = records;
    return this;
  }

  synchronized int atMost() {
    return atMost;
  }

  public synchronized FakeTopic keepForDays(int days) {
    lifecycle = days;
    return this;
  }

  synchronized int lifecycle() {
    return lifecycle;
  }

  /** Says which records are not taken. */
  public synchronized FakeTopic judge(Function<RecordEntry, @Nullable Verdict> how) {
    judge = how;
    return this;
  }

  synchronized @Nullable Verdict judged(RecordEntry record) {
    return judge.apply(record);
  }

  /** Something that happens once, just before the last record is asked for. */
  public synchronized void whenLatestIsAsked(Runnable action) {
    latestAsked = action;
  }

  synchronized void latestAsked() {
    Runnable action = latestAsked;
    latestAsked = () -> {};
    action.run();
  }

  /** Another topic has this one's name now. */
  public synchronized void createAgain() {
    created++;
  }

  synchronized int created() {
    return created;
  }

  /** Every answer says to go on where it began, and its records do not tell their numbers. */
  public synchronized void standStill() {
    standsStill = true;
  }

  synchronized boolean standsStill() {
    return standsStill;
  }

  /** Every record is found, none is given, and the oldest is said to come later. */
  public synchronized void refuseAll() {
    refusesAll = true;
  }

  synchronized boolean refusesAll() {
    return refusesAll;
  }

  /** The second request with a cursor is refused, as if cursors did not last. */
  public synchronized void refuseCursorsOnce() {
    refuseIn = 2;
  }

  synchronized boolean refusesCursor() {
    return --refuseIn == 0;
  }

  public synchronized void put(int shard, RecordEntry record) {
    shards.get(shard).records.add(record.toBuilder().setSystemTime(arrival).build());
  }

  /** A record of texts, null for NULL, in the next shard. */
  public synchronized void put(byte @Nullable []... values) {
    put(turn++ % shards.size(), record(values));
  }

  public static RecordEntry record(byte @Nullable []... values) {
    RecordData.Builder data = RecordData.newBuilder();
    for (byte[] value : values) {
      FieldData.Builder field = FieldData.newBuilder();
      if (value != null) {
        field.setValue(ByteString.copyFrom(value));
      }
      data.addData(field);
    }
    return RecordEntry.newBuilder().setData(data).build();
  }

  /** Closes a shard and puts two new ones beside it. */
  public synchronized void split(int shard) {
    shards.get(shard).closed = true;
    shards.add(new Shard());
    shards.add(new Shard());
  }

  /** Retention removes the first records. */
  public synchronized void expire(int shard, int records) {
    shards.get(shard).expired = records;
  }

  /** Retention passes a reader behind its next answer. */
  public synchronized void expireAfterNextAnswer(int shard, int records) {
    shards.get(shard).expireNext = records;
  }

  /** The fields of every record of every shard as texts, null for NULL. */
  public synchronized List<List<@Nullable String>> texts() {
    List<List<@Nullable String>> texts = new ArrayList<>();
    for (Shard shard : shards) {
      for (RecordEntry record : shard.records) {
        List<@Nullable String> values = new ArrayList<>();
        for (FieldData data : record.getData().getDataList()) {
          values.add(data.hasValue() ? data.getValue().toStringUtf8() : null);
        }
        texts.add(values);
      }
    }
    return texts;
  }

  /** How many records a shard was given. */
  public synchronized int size(int shard) {
    return shards.get(shard).records.size();
  }
}
