package io.millrace.scheduler.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ParameterPreviewTest {

  @Test
  void theNextTenInstancesShowTheirValues() {
    Map<String, String> assignments = new LinkedHashMap<>();
    assignments.put("dt", "$[yyyymmdd-1]");
    assignments.put("id", "run-$taskid");
    String script =
        """
        reader: {mysql: {datasource: nowhere, where: "d='${dt}' and m=${yyyymm-1} and t<$[hh24:mi]", password: 'x${dt}'}}
        writer: {stream: {path: '${id}'}}
        """;
    List<Occasion> occasions =
        IntStream.range(0, 10)
            .mapToObj(
                day ->
                    Occasion.recurring(
                        LocalDate.of(2025, 12, 28).plusDays(day),
                        LocalDate.of(2025, 12, 29).plusDays(day).atTime(2, 30)))
            .toList();

    List<ParameterPreview.Row> rows =
        ParameterPreview.of("t", script, assignments, occasions, 1, 2);

    assertThat(rows).hasSize(10);
    assertThat(rows.get(0).parameters())
        .containsExactly(Map.entry("dt", "20251228"), Map.entry("id", "run-$taskid"));
    assertThat(rows.get(4).parameters()).containsEntry("dt", "20260101");
    assertThat(rows.get(4).expressions())
        .containsEntry("${yyyymm-1}", "202512")
        .containsEntry("$[hh24:mi]", "02:30")
        .containsEntry("${id}", "run-$taskid")
        .containsEntry("${dt}", "***");
  }

  @Test
  void anExpressionWithoutValueSaysWhere() {
    assertThatThrownBy(
            () ->
                ParameterPreview.of(
                    "orders",
                    "reader: {a: {x: '${nope}'}}\nwriter: {b: }",
                    Map.of(),
                    List.of(
                        Occasion.recurring(
                            LocalDate.of(2025, 1, 1), LocalDate.of(2025, 1, 2).atStartOfDay())),
                    1,
                    2))
        .hasMessageContaining("orders: reader.a.x uses the parameter ${nope}, which has no value");
  }
}
