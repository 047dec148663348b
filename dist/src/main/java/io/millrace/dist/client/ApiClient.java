package io.millrace.dist.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.error.ErrorCode;
import io.millrace.api.error.ErrorKind;
import io.millrace.api.error.MillraceException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Calls the routes of one server as one user. A refusal becomes an exception of one line.
 * Immutable.
 */
final class ApiClient {

  /** Publishing and planning look at many things. */
  private static final int READ_MILLIS = 120_000;

  /** Twice what the server lets pass between two signs of life. */
  private static final int STREAM_MILLIS = 30_000;

  private final ServerAddress address;
  private final Map<String, String> headers;
  private final boolean loggedIn;

  private ApiClient(ServerAddress address, Map<String, String> headers, boolean loggedIn) {
    this.address = address;
    this.headers = Map.copyOf(headers);
    this.loggedIn = loggedIn;
  }

  /** For what is asked before a login. */
  static ApiClient anonymous(ServerAddress address) {
    return new ApiClient(address, Map.of(), false);
  }

  /** Asks with an API token; without one, the server will want a login. */
  static ApiClient withToken(ServerAddress address, @Nullable String token) {
    if (token == null) {
      return anonymous(address);
    }
    if (!token.matches("[!-~]+")) {
      throw ClientError.INPUT.because("what was given as an API token is none");
    }
    return new ApiClient(address, Map.of("Authorization", "Bearer " + token), true);
  }

  /** Asks within a session. */
  ApiClient withSession(String cookie, String proof) {
    return new ApiClient(address, Map.of("Cookie", cookie, "X-CSRF-Token", proof), true);
  }

  /** Says with every change why it is made; nothing when empty. */
  ApiClient because(String why) {
    if (why.isEmpty()) {
      return this;
    }
    if (why.chars().anyMatch(Character::isISOControl)) {
      throw ClientError.INPUT.because("--why must be one line without control characters");
    }
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Millrace-Reason", Http.headerValue(why));
    return new ApiClient(address, all, loggedIn);
  }

  ServerAddress address() {
    return address;
  }

  /**
   * An answer.
   *
   * @param bytes as the server has sent them; empty when it had nothing to say
   */
  record Reply(byte[] bytes) {

    JsonNode json() {
      try {
        return bytes.length == 0 ? Json.MAPPER.missingNode() : Json.MAPPER.readTree(bytes);
      } catch (IOException e) {
        throw ClientError.FAILED.because(
            "the answer is not that of a millrace server; is the address right?", e);
      }
    }
  }

  /** Calls a route that takes no body. */
  Reply call(Endpoint endpoint, Map<String, String> query, Object... path) {
    return call(endpoint, query, null, path);
  }

  /** Calls a route with a body. */
  Reply send(Endpoint endpoint, JsonNode body, Object... path) {
    return call(endpoint, Map.of(), body, path);
  }

  private Reply call(
      Endpoint endpoint, Map<String, String> query, @Nullable JsonNode body, Object... path) {
    try (Http.Answering answering = open(endpoint, query, body, READ_MILLIS, Map.of(), path)) {
      return new Reply(answering.read());
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** Begins to read what may be long; the caller closes it. */
  Http.Answering download(Endpoint endpoint, Map<String, String> query, Object... path) {
    return open(endpoint, query, null, READ_MILLIS, Map.of(), path);
  }

  /**
   * Begins a stream of events; the caller closes it.
   *
   * @param last the id of the last event that was seen; empty at the beginning
   */
  Http.Answering stream(Endpoint endpoint, Map<String, String> query, String last, Object... path) {
    return open(
        endpoint,
        query,
        null,
        STREAM_MILLIS,
        last.isEmpty() ? Map.of() : Map.of("Last-Event-ID", last),
        path);
  }

  /** Calls a route for the sake of its headers, such as a session's cookie. */
  Http.Answering answering(Endpoint endpoint, JsonNode body) {
    return open(endpoint, Map.of(), body, READ_MILLIS, Map.of());
  }

  MillraceException broken(IOException e) {
    return ClientError.UNREACHABLE.because(
        "the connection to " + address.url() + " broke (" + e.getMessage() + ")", e);
  }

  private Http.Answering open(
      Endpoint endpoint,
      Map<String, String> query,
      @Nullable JsonNode body,
      int readMillis,
      Map<String, String> more,
      Object... path) {
    String text =
        query.entrySet().stream()
            .map(
                one ->
                    one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    String url = address.url() + endpoint.filled(path) + (text.isEmpty() ? "" : "?" + text);
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(more);
    Http.Answering answering =
        Http.send(
            endpoint.method(), url, all, body == null ? new byte[0] : bytes(body), readMillis);
    if (answering.status() / 100 == 2) {
      return answering;
    }
    try (answering) {
      throw refusal(answering);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private static byte[] bytes(JsonNode body) {
    try {
      return Json.MAPPER.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A problem document becomes one line. */
  private MillraceException refusal(Http.Answering answering) throws IOException {
    int status = answering.status();
    if (status / 100 == 3) {
      return ClientError.REFUSED.because(
          address.url() + " sends on to another address; give that one with --server");
    }
    JsonNode problem = problem(answering.read());
    String detail = problem.path("detail").asText("");
    String title = problem.path("title").asText("the answer is HTTP " + status);
    String trace = problem.path("trace").asText("");
    String message =
        (detail.isEmpty() ? title : detail) + (trace.isEmpty() ? "" : " (trace " + trace + ")");
    if (status == 401 && !loggedIn) {
      message =
          detail.contains("password")
              ? detail
              : "not logged in to " + address.url() + "; run millrace login first";
    } else if (status == 401) {
      message =
          "the login to " + address.url() + " has ended or was revoked; run millrace login again";
    } else if (problem.path("type").asText().endsWith("/password-due")) {
      message = "the password has to be changed first; run millrace login";
    }
    ClientError error = ClientError.of(status);
    String code = problem.path("code").asText("");
    return new MillraceException(
        code.isEmpty() ? error : new ServerCode(code, error.kind()),
        message.replaceAll("\\p{Cntrl}", " "));
  }

  /** A code of the server's own, for searching. */
  private record ServerCode(String code, ErrorKind kind) implements ErrorCode {
    @Override
    public String description() {
      return "The server's own error";
    }
  }

  private static JsonNode problem(byte[] body) {
    try {
      JsonNode problem = Json.MAPPER.readTree(body);
      return problem == null ? Json.MAPPER.missingNode() : problem;
    } catch (IOException e) {
      return Json.MAPPER.missingNode();
    }
  }
}
