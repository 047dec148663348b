package io.millrace.loghub.fake;

import io.millrace.testkit.net.FakeHttpService.Request;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Checks the signature of a request, as the service documents it (HMAC-SHA1 over its parts). */
final class Signature {

  private static final Duration SKEW = Duration.ofMinutes(15);

  private Signature() {}

  /** What is wrong with it; null when nothing is. */
  static @Nullable String problem(Request request, String id, String key) {
    String given = request.header("authorization");
    if (!given.startsWith("LOG " + id + ":")) {
      return "AccessKeyId not found: " + given.replaceAll("^LOG |:.*$", "");
    }
    String date = request.header("date");
    Instant sent = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    if (Duration.between(sent, Instant.now()).abs().compareTo(SKEW) > 0) {
      return "the request has expired";
    }
    String md5 = request.header("content-md5");
    if (request.body().length > 0 && !md5.equals(md5(request.body()))) {
      return "the body does not have its Content-MD5";
    }
    Map<String, String> headers = new TreeMap<>(request.headers());
    headers.keySet().removeIf(name -> !name.startsWith("x-log-") && !name.startsWith("x-acs-"));
    String resource = request.path();
    if (!request.query().isEmpty()) {
      resource += "?" + joined(new TreeMap<>(request.query()), "=", "&");
    }
    String text =
        String.join(
            "\n",
            request.method(),
            md5,
            request.header("content-type"),
            date,
            joined(headers, ":", "\n"),
            resource);
    return given.equals("LOG " + id + ":" + sign(key, text)) ? null : "signature does not match";
  }

  private static String joined(Map<String, String> map, String between, String after) {
    return map.entrySet().stream()
        .map(entry -> entry.getKey() + between + entry.getValue())
        .collect(Collectors.joining(after));
  }

  private static String md5(byte[] body) {
    try {
      byte[] digest = MessageDigest.getInstance("MD5").digest(body);
      return HexFormat.of().formatHex(digest).toUpperCase(Locale.ROOT);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sign(String key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
