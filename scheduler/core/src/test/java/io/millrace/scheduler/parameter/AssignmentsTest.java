package io.millrace.scheduler.parameter;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssignmentsTest {

  @Test
  void oneLineFormIsReadAndWritten() {
    Map<String, String> read = Assignments.parse("  dt=$[yyyymmdd-1]   h=$[hh24]\tx=${yyyymm}01 ");

    assertThat(read)
        .containsExactly(
            Map.entry("dt", "$[yyyymmdd-1]"),
            Map.entry("h", "$[hh24]"),
            Map.entry("x", "${yyyymm}01"));
    assertThat(Assignments.line(read)).isEqualTo("dt=$[yyyymmdd-1] h=$[hh24] x=${yyyymm}01");
    assertThat(Assignments.parse(" ")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dt                            | 'dt' is no assignment: write name=value, without blanks
          =1                            | '=1' has no name before '='
          dt=                           | parameter 'dt' has no value: write dt=value
          dt=1 dt=2                     | parameter 'dt' is assigned twice
          dt=a=b                        | parameter 'dt': the value has a '=' after 'a'
          dt = 1                        | 'dt' is no assignment
          1x=1                          | parameter '1x': a name is made of letters
          a$b=1                         | parameter 'a$b': a name is made of letters
          dt=$[yyyy-mm-dd hh24:mi]      | 'hh24:mi]' is no assignment
          dt=$[yyyymm-1]                | parameter 'dt': $[yyyymm-1] is not supported, because offsets there count days
          dt=$nope                      | parameter 'dt': '$nope' is not one of
          dt=${dt}                      | parameter 'dt': '${dt}' is neither a time pattern
          jobid=1                       | parameter 'jobid' is given by the scheduler
          taskid=1                      | parameter 'taskid' is given by the scheduler
          yyyymmdd=1                    | parameter 'yyyymmdd' is a time pattern
          db_password=hunter2           | parameter 'db_password' is a secret by its name
          """)
  void refusalsNameTheParameter(String line, String message) {
    assertThatThrownBy(() -> Assignments.parse(line))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void aMapIsHeldToTheSameRules() {
    assertThatThrownBy(() -> Assignments.check(Map.of("dt", "a b")))
        .hasMessage(
            "parameter 'dt': the value has a blank after 'a': blanks separate assignments, so make"
                + " two parameters of it");
  }
}
