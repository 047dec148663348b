package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.FaultyHttp.Answer;
import io.millrace.files.FaultyHttp.Fault;
import io.millrace.testkit.sample.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store whose answers are lost, cut off or wrong. */
@Timeout(300)
class S3FaultIT {

  private static final Schema SCHEMA = Schema.of(Field.of("id", ColumnType.INT64));

  private final Buckets buckets = Buckets.create();
  private final String folder = Buckets.folder();

  private BucketPlace place(int port) {
    return new BucketPlace(buckets, folder, port);
  }

  private BucketPlace place() {
    return place(buckets.port());
  }

  /** What becomes of one answer. */
  enum Harm {
    NOT_CARRIED_OUT {
      @Override
      Answer answer(FaultyHttp.Server server) {
        return Answer.none();
      }
    },
    ANSWER_LOST {
      @Override
      Answer answer(FaultyHttp.Server server) throws IOException {
        server.answer();
        return Answer.none();
      }
    },
    BODY_LOST {
      @Override
      Answer answer(FaultyHttp.Server server) throws IOException {
        return server.answer().cut(0);
      }
    },
    BODY_CUT_OFF {
      @Override
      Answer answer(FaultyHttp.Server server) throws IOException {
        Answer whole = server.answer();
        return whole.cut(whole.body().length - 1);
      }
    },
    UNAVAILABLE {
      @Override
      Answer answer(FaultyHttp.Server server) {
        return Answer.of(503, "<Error><Code>SlowDown</Code></Error>");
      }
    };

    abstract Answer answer(FaultyHttp.Server server) throws IOException;
  }

  /** Every request of a run, one after the other. */
  @ParameterizedTest
  @EnumSource(Harm.class)
  void anyOneAnswerThatIsHarmedCostsNoRow(Harm harm) {
    place().put("out__old.csv", "old");
    AtomicInteger all = new AtomicInteger();
    for (int which = 1; which == 1 || which <= all.get(); which++) {
      AtomicInteger requests = new AtomicInteger();
      AtomicReference<String> harmed = new AtomicReference<>("");
      int chosen = which;
      Fault fault =
          (request, server) -> {
            if (requests.incrementAndGet() != chosen) {
              return server.answer();
            }
            harmed.set(request.toString());
            return harm.answer(server);
          };
      try (FaultyHttp faulty = new FaultyHttp(buckets.port(), fault)) {
        assertThatCode(() -> replace(faulty.port())).as(harmed.get()).doesNotThrowAnyException();
      }
      all.set(requests.get());
      assertThat(place().names()).as(harmed.get()).hasSize(3).contains("_SUCCESS");
      assertThat(Rows.read(place().connector(), place().reading("out*")).records())
          .as(harmed.get())
          .hasSize(20)
          .doesNotHaveDuplicates();
      assertThat(place().staged()).as(harmed.get()).isEmpty();
      place().delete("_SUCCESS");
    }
    assertThat(all.get()).isGreaterThan(40);
  }

  private void replace(int port) {
    Map<String, Object> options = place(port).writing("out");
    options.put("writeMode", "truncate");
    options.put("successFile", true);
    Rows.write(place().connector(), options, rows(0), rows(10));
  }

  private static final String INTERNAL_ERROR =
      "<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code><Message>We encountered an internal"
          + " error.</Message></Error>";

  @Test
  void anErrorInAnAnswerThatSaysThatAllIsWellIsOne() {
    AtomicInteger completions = new AtomicInteger();
    Fault fault =
        (request, server) ->
            request.is("POST", "uploadId=") && completions.incrementAndGet() <= 2
                ? Answer.of(200, INTERNAL_ERROR)
                : server.answer();
    try (FaultyHttp faulty = new FaultyHttp(buckets.port(), fault)) {
      replace(faulty.port());
    }
    assertThat(Rows.read(place().connector(), place().reading("out*")).records()).hasSize(20);
  }

  @Test
  void anErrorThatStaysInSuchAnAnswerIsOneClearLine() {
    Fault fault =
        (request, server) ->
            request.is("POST", "uploadId=") ? Answer.of(200, INTERNAL_ERROR) : server.answer();
    try (FaultyHttp faulty = new FaultyHttp(buckets.port(), fault)) {
      Map<String, Object> options = place(faulty.port()).writing("out");
      options.put("maxRetries", 1);
      AbstractReading.assertError(
          () -> Rows.write(place().connector(), options, rows(0)),
          StandardError.WRITE,
          "out__",
          "InternalError");
    }
    assertThat(place().names()).allMatch(name -> name.startsWith(".millrace/"));
  }

  @Test
  void anAnswerWithoutWhatItMustHoldIsOneClearLine() {
    Map<String, String> lacking =
        Map.of(
            "list-type=2", "neither that it is whole",
            "?uploads", "names no upload",
            "partNumber=", "names no etag of part 1");
    lacking.forEach(
        (part, reason) -> {
          Fault fault =
              (request, server) ->
                  request.target().contains(part) ? Answer.of(200, "") : server.answer();
          try (FaultyHttp faulty = new FaultyHttp(buckets.port(), fault)) {
            Map<String, Object> options = place(faulty.port()).writing("out");
            AbstractReading.assertError(
                () -> Rows.write(place().connector(), options, rows(0)),
                part.startsWith("list") ? StandardError.READ : StandardError.WRITE,
                reason,
                "speaks S3");
          }
        });
  }

  @Test
  void aStoreThatKnowsNoRangesOrNoConditionsIsNotTakenAtItsWord() {
    place().put("in.jsonl", "{\"id\":1}\n".repeat(2_000_000));
    AtomicInteger ranges = new AtomicInteger();
    Fault whole =
        (request, server) ->
            request.is("GET", "in.jsonl") && !request.target().contains("list-type")
                ? new Answer(List.of("HTTP/1.1 200 OK"), -1, server.answer().body())
                : server.answer();
    try (FaultyHttp faulty = new FaultyHttp(buckets.port(), whole)) {
      Map<String, Object> options = place(faulty.port()).reading("in.jsonl");
      options.put("splitBy", "volume");
      AbstractReading.assertError(
          () -> Rows.read(place().connector(), options),
          StandardError.READ,
          "in.jsonl",
          "does not begin at byte");
    }
    Fault changed =
        (request, server) -> {
          Answer answer = server.answer();
          boolean get = request.is("GET", "in.jsonl") && !request.target().contains("list-type");
          if (!get || ranges.incrementAndGet() < 2) {
            return answer;
          }
          List<String> head =
              answer.head().stream()
                  .map(
                      line ->
                          line.toLowerCase(Locale.ROOT).startsWith("etag:") ? "ETag: \"x\"" : line)
                  .toList();
          return new Answer(head, answer.length(), answer.body());
        };
    try (FaultyHttp faulty = new FaultyHttp(buckets.port(), changed)) {
      Map<String, Object> options = place(faulty.port()).reading("in.jsonl");
      AbstractReading.assertError(
          () -> Rows.read(place().connector(), options),
          StandardError.READ_REFUSED,
          "in.jsonl has changed");
    }
  }

  @Test
  void anObjectThatChangesIsNoticedByItsTimeWhereTheStoreGivesNoEtag() {
    place().put("in.jsonl", "{\"id\":1}\n".repeat(1000));
    AtomicInteger gets = new AtomicInteger();
    Fault fault =
        (request, server) -> {
          Answer answer = server.answer();
          List<String> head = new ArrayList<>(answer.head());
          head.removeIf(line -> line.toLowerCase(Locale.ROOT).startsWith("etag:"));
          if (request.target().contains("list-type")) {
            String page = new String(answer.body(), StandardCharsets.UTF_8);
            byte[] without =
                page.replaceAll("<ETag>.*?</ETag>", "").getBytes(StandardCharsets.UTF_8);
            return new Answer(head, without.length, without);
          }
          if (request.is("GET", "in.jsonl") && gets.incrementAndGet() > 1) {
            head.removeIf(line -> line.toLowerCase(Locale.ROOT).startsWith("last-modified:"));
            head.add("Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT");
          }
          return new Answer(head, answer.length(), answer.body());
        };
    try (FaultyHttp faulty = new FaultyHttp(buckets.port(), fault)) {
      AbstractReading.assertError(
          () -> Rows.read(place().connector(), place(faulty.port()).reading("in.*")),
          StandardError.READ_REFUSED,
          "in.jsonl has changed");
    }
  }

  private static Answer page(String key, String token) {
    String entry =
        "<Contents><Key>%s</Key><Size>2</Size><ETag>&quot;e&quot;</ETag></Contents>".formatted(key);
    return Answer.of(
        200,
        "<ListBucketResult><IsTruncated>true</IsTruncated>%s%s</ListBucketResult>"
            .formatted(
                key.isEmpty() ? "" : entry,
                "<NextContinuationToken>" + token + "</NextContinuationToken>"));
  }

  /** Listings that never end, each in another way. */
  enum Endless {
    SAME_TOKEN {
      @Override
      Answer page(int number, String folder) {
        return S3FaultIT.page(folder + number, "t");
      }
    },
    TOKENS_IN_A_CIRCLE {
      @Override
      Answer page(int number, String folder) {
        return S3FaultIT.page(folder + number, "t" + number % 3);
      }
    },
    SAME_PAGE {
      @Override
      Answer page(int number, String folder) {
        return S3FaultIT.page(folder + "same", "t" + number);
      }
    },
    NOTHING {
      @Override
      Answer page(int number, String folder) {
        return S3FaultIT.page("", "t" + number);
      }
    };

    abstract Answer page(int number, String folder);
  }

  @ParameterizedTest
  @EnumSource(Endless.class)
  void aListingThatDoesNotMoveOnIsAnErrorAndDoesNotRunForEver(Endless endless) {
    AtomicInteger pages = new AtomicInteger();
    Fault fault =
        (request, server) ->
            request.target().contains("list-type")
                ? endless.page(pages.incrementAndGet(), folder)
                : server.answer();
    try (FaultyHttp faulty = new FaultyHttp(buckets.port(), fault)) {
      AbstractReading.assertError(
          () -> Rows.read(place().connector(), place(faulty.port()).reading("*")),
          StandardError.READ,
          "cannot list",
          folder);
    }
    assertThat(pages.get()).isLessThanOrEqualTo(endless == Endless.NOTHING ? 1001 : 5);
  }

  @Test
  void uploadsThatAreListedInACircleAreAnError() {
    String page =
        "<ListMultipartUploadsResult><IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker>"
            + "<NextUploadIdMarker>u</NextUploadIdMarker></ListMultipartUploadsResult>";
    AtomicInteger pages = new AtomicInteger();
    Fault fault =
        (request, server) -> {
          if (!request.is("GET", "uploads")) {
            return server.answer();
          }
          pages.incrementAndGet();
          return Answer.of(200, page);
        };
    try (FaultyHttp faulty = new FaultyHttp(buckets.port(), fault)) {
      AbstractReading.assertError(
          () -> replace(faulty.port()), StandardError.READ, "cannot list", "does not move on");
    }
    assertThat(pages.get()).isLessThanOrEqualTo(2);
  }

  private static RecordBatch rows(long from) {
    @SuppressWarnings("unchecked")
    List<Object>[] rows =
        LongStream.range(from, from + 10).mapToObj(i -> List.<Object>of(i)).toArray(List[]::new);
    return Sample.of(SCHEMA, rows).batch();
  }
}
