package io.millrace.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Narrowing;
import io.millrace.api.TaskContext;
import io.millrace.api.TaskForm;
import java.nio.file.Path;
import java.time.ZoneId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @TempDir Path directory;
  private Fixture fixture;

  @BeforeEach
  void setUp() {
    fixture = new Fixture(directory);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # speed of the task                  | per channel                  | channels | bytes | records
          {}                                   | {}                           | 3        | 0     | 0
          {"channel":1}                        | {}                           | 1        | 0     | 0
          {"channel":"7"}                      | {"byte":-1,"record":-1}      | 7        | 0     | 0
          {"channel":100}                      | {}                           | 32       | 0     | 0
          {"channel":4,"byte":-1}              | {}                           | 4        | 0     | 0
          {"channel":0,"byte":1000}            | {}                           | 3        | 1000  | 0
          {"channel":-1,"record":500}          | {}                           | 3        | 0     | 500
          {"channel":0,"byte":5000}            | {"byte":1000}                | 5        | 5000  | 0
          {"channel":4,"byte":1000}            | {}                           | 4        | 1000  | 0
          {"channel":4,"record":500}           | {}                           | 4        | 0     | 500
          {"channel":4}                        | {"byte":1000,"record":10}    | 4        | 4000  | 40
          {"channel":4,"byte":5000}            | {"byte":1000}                | 5        | 5000  | 0
          {"byte":500}                         | {"byte":1000}                | 1        | 500   | 0
          {"byte":5000,"record":20}            | {"byte":1000,"record":10}    | 2        | 2000  | 20
          {"byte":9000000}                     | {"byte":1}                   | 32       | 32    | 0
          {"channel":2}                        | {"byte":9223372036854775807} | 2        | 0     | 0
          """)
  void dataxSpeed(String speed, String perChannel, int channels, long bytes, long records) {
    TaskSettings settings =
        fixture
            .read(
                Fixture.datax(
                    "{\"speed\":" + speed + "}",
                    ",\"core\":{\"transport\":{\"channel\":{\"speed\":" + perChannel + "}}}"))
            .settings();

    assertThat(settings.channels()).isEqualTo(channels);
    assertThat(settings.bytesPerSecond()).isEqualTo(bytes);
    assertThat(settings.recordsPerSecond()).isEqualTo(records);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                              | 3  | 0
          {"concurrent":1}                                | 1  | 0
          {"concurrent":"32","throttle":false,"mbps":"1"} | 32 | 0
          {"concurrent":2,"throttle":true,"mbps":12}      | 2  | 12582912
          {"throttle":"true","mbps":"0.5"}                | 3  | 524288
          {"mbps":"1"}                                    | 3  | 1048576
          {"mbps":1e-999999999}                           | 3  | 1
          {"concurrent":"","throttle":"","mbps":""}       | 3  | 0
          """)
  void dataworksSpeed(String speed, int channels, long bytes) {
    TaskSettings settings = fixture.read(Fixture.dataworks("{\"speed\":" + speed + "}")).settings();

    assertThat(settings.channels()).isEqualTo(channels);
    assertThat(settings.bytesPerSecond()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"record":0}                             | 0                   | 1
          {"record":"12"}                          | 12                  | 1
          {"percentage":0.02}                      | 9223372036854775807 | 0.02
          {"percentage":"0"}                       | 9223372036854775807 | 0
          {"record":5,"percentage":0.02}           | 5                   | 1
          {"strategy":"Ignore"}                    | 9223372036854775807 | 1
          {"strategy":"Ignore","record":5}         | 9223372036854775807 | 1
          {"strategy":"zeroTolerance"}             | 0                   | 1
          {"strategy":"ZeroTolerance","record":7}  | 0                   | 1
          {"strategy":"Tolerance","record":7}      | 7                   | 1
          """)
  void errorLimit(String limit, long records, double share) {
    String setting = "{\"errorLimit\":" + limit + "}";

    for (String file : new String[] {Fixture.datax(setting, ""), Fixture.dataworks(setting)}) {
      assertThat(fixture.read(file).settings().dirtyLimit())
          .isEqualTo(new DirtyLimit(records, share));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"speed":{"concurrent":0}}                  | setting.speed.concurrent must be between 1 and 32, found 0
          {"speed":{"concurrent":-1}}                 | must be between 1 and 32
          {"speed":{"concurrent":1.5}}                | must be a whole number, found '1.5'
          {"speed":{"concurrent":"many"}}             | must be a number, found 'many'
          {"speed":{"concurrent":[1]}}                | must be a text, found a list
          {"speed":{"concurrent":1e99999999}}         | must be a whole number
          {"speed":{"throttle":"maybe"}}              | setting.speed.throttle must be true or false
          {"speed":{"throttle":true}}                 | setting.speed.mbps is missing
          {"speed":{"throttle":true,"mbps":0}}        | setting.speed.mbps must be above 0
          {"speed":{"throttle":true,"mbps":1e300}}    | setting.speed.mbps is too large
          {"speed":{"throttle":true,"mbps":1e999999999}} | setting.speed.mbps is too large
          {"speed":{"mbps":1e999999999}}              | setting.speed.mbps is too large
          {"speed":{"concurrent":1e999999999}}        | must be a whole number
          {"speed":{"concurrent":1e-999999999}}       | must be a whole number
          {"speed":[]}                                |
          {"speed":3}                                 | setting.speed must be an object
          {"errorLimit":{"record":-1}}                | setting.errorLimit.record must be 0 or more
          {"errorLimit":{"percentage":2}}             | setting.errorLimit.percentage must be a share between 0 and 1
          {"errorLimit":{"strategy":"Sometimes"}}     | must be Ignore, Tolerance or ZeroTolerance
          {"errorLimit":{"strategy":"Tolerance"}}     | setting.errorLimit.record is missing
          {"executeMode":"spark"}                     | setting.executeMode must be null or distribute
          {"common":{"column":{"timeZone":"Mars"}}}   | timeZone must be a time zone
          """)
  void wrongSettingsSayWhereAndWhat(String setting, String message) {
    String file = Fixture.dataworks(setting);

    if (message == null) {
      assertThat(fixture.read(file).settings().channels()).isEqualTo(3);
    } else {
      assertThat(fixture.error(file)).contains(message);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {channels: 33}               | setting.channels must be between 1 and 32, found 33
          {channel: 3}                 | unknown key 'channel': did you mean 'channels'?
          {rate: fast}                 | setting.rate must be a size such as 512KB or 2MB
          {rate: 0MB}                  | setting.rate must be above 0
          {rate: {byte: 1}}            | setting.rate has the unknown key 'byte': did you mean 'bytes'?
          {rate: {records: 0}}         | setting.rate.records must be above 0
          {rate: 99999999TB}           | setting.rate is too large
          {dirty: some}                | setting.dirty must be a number
          {dirty: -1}                  | setting.dirty must be between 0
          {dirty: 101%}                | setting.dirty must be a percentage
          {dirty: {share: 0.5}}        | setting.dirty.share must be a percentage
          {zone: Nowhere}              | setting.zone must be a time zone
          {retries: 101}               | setting.retries must be between 0 and 100
          {retryDelay: 5}              | setting.retryDelay must be a duration
          {stallTimeout: 0s}           | setting.stallTimeout must be between 1ms and 168h
          {batchBytes: 1KB}            | setting.batchBytes must be between 64KB and 64MB
          {maxValueBytes: 2GB}         | setting.maxValueBytes must be between 1KB and 1024MB
          """)
  void wrongOwnSettingsSayWhereAndWhat(String setting, String message) {
    assertThat(fixture.error(Fixture.own(setting))).contains(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"record\":\"\"}", "{\"record\":null}"})
  void withoutALimitOnlyThatEveryRecordIsDirtyIsNotTolerated(String limit) {
    String setting = "{\"errorLimit\":" + limit + "}";

    for (String file :
        new String[] {Fixture.datax(setting, ""), Fixture.dataworks(setting), Fixture.own("{}")}) {
      assertThat(fixture.read(file).settings().dirtyLimit()).isEqualTo(DirtyLimit.UNSTATED);
    }
  }

  @Test
  void narrowingIsRefusedInTheOwnFormAndRoundedInForeignOnesUnlessTheTaskChooses() {
    assertThat(fixture.read(Fixture.own("{}")).settings().rules())
        .isEqualTo(new TaskContext.Rules(TaskForm.OWN, Narrowing.REFUSE));
    assertThat(fixture.read(Fixture.own("{narrowing: dirty}")).settings().rules().narrowing())
        .isEqualTo(Narrowing.DIRTY);
    assertThat(fixture.read(Fixture.datax("{}", "")).settings().rules())
        .isEqualTo(new TaskContext.Rules(TaskForm.DATAX, Narrowing.ROUND));
    assertThat(fixture.read(Fixture.dataworks("{\"narrowing\":\"refuse\"}")).settings().rules())
        .isEqualTo(new TaskContext.Rules(TaskForm.DATAWORKS, Narrowing.REFUSE));
    assertThat(fixture.error(Fixture.own("{narrowing: cut}")))
        .contains("setting.narrowing must be refuse, round or dirty, found 'cut'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10                          | 10                  | 1
          none                        | 0                   | 1
          0                           | 0                   | 1
          all                         | 9223372036854775807 | 1
          5%                          | 9223372036854775807 | 0.05
          {records: 7}                | 7                   | 1
          {records: 7, share: 0.5%}   | 7                   | 0.005
          """)
  void ownDirtyLimit(String dirty, long records, double share) {
    assertThat(fixture.read(Fixture.own("{dirty: " + dirty + "}")).settings().dirtyLimit())
        .isEqualTo(new DirtyLimit(records, share));
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1KB,1024", "1 kb,1024", "1.5MB,1572864", "2GB/s,2147483648", "3MiB,3145728"})
  void ownRateTakesUnits(String rate, long bytes) {
    assertThat(fixture.read(Fixture.own("{rate: " + rate + "}")).settings().bytesPerSecond())
        .isEqualTo(bytes);
  }

  @Test
  void settingsMayBeParameters() {
    TaskSettings settings =
        fixture
            .read(
                Fixture.dataworks(
                    "{\"speed\":{\"concurrent\":\"${n}\"},\"common\":{\"column\":{\"timeZone\":\"${z}\"}}}"),
                "n",
                "6",
                "z",
                "Asia/Tokyo")
            .settings();

    assertThat(settings.channels()).isEqualTo(6);
    assertThat(settings.zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
  }

  @Test
  void yesterdayIsYesterdayInTheTasksZone() {
    // It is 20:00 on the 22nd in UTC, and already the 23rd in Shanghai.
    String file = "reader: {a: {d: $bizdate}}\nwriter: {b: }\nsetting: {zone: %s}";

    assertThat(fixture.read(file.formatted("Asia/Shanghai")).reader().options())
        .containsEntry("d", "20261122");
    assertThat(fixture.read(file.formatted("UTC")).reader().options())
        .containsEntry("d", "20261121");
  }
}
