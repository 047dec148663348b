package io.millrace.files;

import static io.millrace.files.AbstractReading.assertError;
import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.api.ConnectionTest;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.Options;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Sample;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store answers that lies elsewhere, that is none, or whose keys look like no path. */
@Timeout(120)
class S3AnswersTest {

  private static final String KEY = "fake-secret/of+a=test";

  /** What the store says to a request. */
  private interface Store {
    Answer answer(String method, String path, String query);
  }

  private record Answer(int status, String body, Map<String, String> headers) {
    static Answer of(int status, String body) {
      return new Answer(status, body, Map.of());
    }
  }

  private final List<String> badlySigned = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;
  private Store store = (method, path, query) -> Answer.of(404, "");

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String raw = exchange.getRequestURI().toString();
      int question = raw.indexOf('?');
      String path = question < 0 ? raw : raw.substring(0, question);
      String query = question < 0 ? "" : raw.substring(question + 1);
      if (!isSigned(exchange, path, query)) {
        badlySigned.add(exchange.getRequestMethod() + " " + raw);
      }
      Answer answer = store.answer(exchange.getRequestMethod(), path, query);
      answer.headers().forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
        exchange.sendResponseHeaders(answer.status(), -1);
        return;
      }
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** Signature version 4 of what has arrived: the path as it stands in the request. */
  private static boolean isSigned(HttpExchange exchange, String path, String query) {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization == null || !authorization.startsWith("AWS4-HMAC-SHA256 ")) {
      return false;
    }
    Map<String, String> parts =
        Stream.of(authorization.substring(17).split(",\\s*"))
            .map(each -> each.split("=", 2))
            .collect(Collectors.toMap(each -> each[0], each -> each[1]));
    String scope = parts.get("Credential").substring(parts.get("Credential").indexOf('/') + 1);
    StringBuilder canonical = new StringBuilder();
    // A slash within a key is one, however it is written; nothing is taken out of the path.
    canonical.append(exchange.getRequestMethod()).append('\n');
    canonical.append(path.replace("%2F", "/")).append('\n');
    canonical
        .append(
            Stream.of(query.split("&"))
                .filter(each -> !each.isEmpty())
                .map(each -> each.contains("=") ? each : each + "=")
                .sorted()
                .collect(Collectors.joining("&")))
        .append('\n');
    for (String header : parts.get("SignedHeaders").split(";")) {
      String value = String.join(",", exchange.getRequestHeaders().get(header));
      canonical.append(header).append(':').append(value.strip().replaceAll(" +", " ")).append('\n');
    }
    canonical.append('\n').append(parts.get("SignedHeaders")).append('\n');
    canonical.append(exchange.getRequestHeaders().getFirst("x-amz-content-sha256"));
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(canonical.toString().getBytes(StandardCharsets.UTF_8));
      String toSign =
          "AWS4-HMAC-SHA256\n"
              + exchange.getRequestHeaders().getFirst("X-Amz-Date")
              + "\n"
              + scope
              + "\n"
              + HexFormat.of().formatHex(hash);
      byte[] key = ("AWS4" + KEY).getBytes(StandardCharsets.UTF_8);
      for (String each : scope.split("/")) {
        key = mac(key, each);
      }
      return HexFormat.of().formatHex(mac(key, toSign)).equals(parts.get("Signature"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] mac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, Object> options(Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("endpoint", "http://127.0.0.1:" + server.getAddress().getPort());
    options.put("bucket", "lake");
    options.put("accessId", "fake-id-of-a-test");
    options.put("accessKey", KEY);
    options.put("maxRetries", 0);
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    return options;
  }

  private Rows.Read read(Object... more) {
    return Rows.read(new ObjectsConnector(), options(more));
  }

  private String bucket() {
    return "bucket 'lake' at http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static String error(String code, String more) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>"
        + code
        + "</Code><Message>as the store says</Message>"
        + more
        + "</Error>";
  }

  /** By a header, where there is no body as well, or in the body. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBucketInAnotherRegionIsNamedWithIt(boolean header) {
    Map<String, String> headers = header ? Map.of("x-amz-bucket-region", "eu-west-1") : Map.of();
    String body = header ? "" : "<Region>eu-west-1</Region>";
    String lies =
        bucket()
            + " lies in region 'eu-west-1', and requests are signed for 'us-east-1': set region:"
            + " eu-west-1";
    store =
        (method, path, query) ->
            new Answer(400, error("AuthorizationHeaderMalformed", body), headers);
    assertThatThrownBy(() -> read("object", "in/"))
        .hasMessage("cannot list s3://lake/in/: " + lies);
    assertError(() -> read("object", "in/a.csv"), StandardError.READ_REFUSED, lies);

    store = (method, path, query) -> new Answer(301, error("PermanentRedirect", body), headers);
    assertThatThrownBy(() -> read("object", "in/"))
        .hasMessage("cannot list s3://lake/in/: " + lies + ", and endpoint to that of the region");
    assertError(
        () ->
            Rows.write(
                new ObjectsConnector(),
                options("object", "out", "writeMode", "append"),
                Sample.plain(1).batch()),
        StandardError.READ_REFUSED,
        lies);
    ConnectionTest test = new ObjectsConnector().connectionTest().orElseThrow();
    Options checked = Options.check(test.options(), options()).options();
    assertThatThrownBy(() -> test.test(checked, TestContext.create())).hasMessageContaining(lies);
  }

  /** Nothing that a store says gets into what the user is told to set, but the name of a region. */
  @Test
  void whatIsNoRegionsNameIsNotShownAsOne() {
    for (String other : List.of("eu west", "x\u0007", "a".repeat(50), "")) {
      store =
          (method, path, query) ->
              Answer.of(301, error("PermanentRedirect", "<Region>" + other + "</Region>"));
      assertThatThrownBy(() -> read("object", "in/"))
          .hasMessageStartingWith("cannot list s3://lake/in/: " + bucket() + " lies elsewhere (")
          .hasMessageContaining("): set region and endpoint to those of the bucket")
          .hasMessageNotContaining("set region: ")
          .hasMessageNotContaining("\u0007");
    }
    // The region is right, and something else is wrong.
    store =
        (method, path, query) ->
            Answer.of(400, error("InvalidArgument", "<Region>us-east-1</Region>"));
    assertThatThrownBy(() -> read("object", "in/"))
        .hasMessage("cannot list s3://lake/in/: InvalidArgument, as the store says");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>\n <body>Please log\tin</body></html>",
        "<ListBucketResult><Contents><Key>in/a.csv</Key><Si",
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>in/a</Key><Size>many</Size>"
            + "</Contents></ListBucketResult>",
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>in/a</Key></Contents>"
            + "</ListBucketResult>",
        "{\"error\": \"no\"}",
        "\u0000\u0001\u001b[31m binary"
      })
  void anAnswerThatIsNoneSaysWhatWasAskedAndWhatCame(String body) {
    store = (method, path, query) -> Answer.of(200, body);
    String line = body.strip().replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "?");
    String shown = line.length() > 100 ? line.substring(0, 100) + "\u2026" : line;

    assertThatThrownBy(() -> read("object", "in/"))
        .hasMessageStartingWith("cannot list s3://lake/in/: the answer ")
        .hasMessageContaining("begins with '" + shown + "'")
        .hasMessageEndingWith("; check that " + bucket() + " speaks S3, and what stands before it")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(600));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 502, 503})
  void anErrorThatIsNotTheStoresSaysWhatCame(int status) {
    String long1 = "<html><h1>Gateway of " + KEY + " for fake-id-of-a-test</h1>" + "x".repeat(9000);
    store = (method, path, query) -> Answer.of(status, long1);
    assertThatThrownBy(() -> read("object", "in/"))
        .hasMessageStartingWith("cannot list s3://lake/in/: ")
        .hasMessageContaining("HTTP " + status)
        .hasMessageEndingWith(
            "; the answer begins with '<html><h1>Gateway of *** for ***</h1>"
                + "x".repeat(63)
                + "\u2026'");
  }

  /** Keys that look like no path: each is sent as it is, and signed as it is sent. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a.csv", "//a.csv", "in//a.csv", "in/a.csv ", " in/a.csv", "in/./a.csv", "in/../a.csv",
        "../a.csv", "./a.csv", "in/ /a.csv", "a+b=c&d.csv", "in/%2F.csv", "é 中/😀.csv", "a?b*.csv"
      })
  void aKeyThatLooksLikeNoPathIsRead(String key) {
    String encoded =
        Stream.of(key.split("/", -1))
            .map(
                each ->
                    URLEncoder.encode(each, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("*", "%2A"))
            .collect(Collectors.joining("/"));
    store =
        (method, path, query) -> {
          String asked = path.replace("%2F", "/");
          if (query.contains("list-type=2")) {
            return Answer.of(
                200, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
          }
          return asked.equals("/lake/" + encoded)
              ? new Answer(
                  200,
                  "1,x\n",
                  Map.of("ETag", "\"e\"", "Last-Modified", "Sat, 01 Jan 2000 00:00:00 GMT"))
              : Answer.of(404, error("NoSuchKey", ""));
        };
    for (Object named : List.of("s3://lake/" + key, List.of("s3://lake/" + key), "/" + key)) {
      assertThat(read("object", named, "fileFormat", "csv").records())
          .as("%s", named)
          .containsExactly(List.of("1", "x"));
    }
    if (!key.startsWith("/")) {
      assertThat(read("object", key, "fileFormat", "csv").records()).hasSize(1);
    }
    assertThat(badlySigned).isEmpty();
  }
}
