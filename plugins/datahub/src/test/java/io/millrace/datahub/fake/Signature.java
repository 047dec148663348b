package io.millrace.datahub.fake;

import io.millrace.testkit.net.FakeHttpService.Request;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Checks the signature of a request: HMAC-SHA1 over method, headers and path. */
final class Signature {

  private Signature() {}

  /** What is wrong with it; null when nothing is. */
  static @Nullable String problem(Request request, String id, String key) {
    String given = request.header("authorization");
    if (!given.startsWith("DATAHUB " + id + ":")) {
      return "The accessId " + given.replaceAll("^DATAHUB |:.*$", "") + " is not known";
    }
    TreeMap<String, String> signed = new TreeMap<>(request.headers());
    signed
        .keySet()
        .removeIf(
            name ->
                !name.equals("date")
                    && !name.equals("content-type")
                    && !name.startsWith("x-datahub-"));
    signed.putIfAbsent("content-type", "");
    StringBuilder text = new StringBuilder(request.method());
    signed.forEach(
        (name, value) ->
            text.append('\n')
                .append(name.startsWith("x-datahub-") ? name + ":" : "")
                .append(value));
    text.append('\n').append(request.path());
    if (!request.rawQuery().isEmpty()) {
      text.append('?').append(request.rawQuery());
    }
    boolean same = given.equals("DATAHUB " + id + ":" + sign(key, text.toString()));
    return same ? null : "The request signature we calculated does not match";
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
