package io.millrace.server.node;

import io.millrace.scheduler.datasource.KeySignatures;
import io.millrace.scheduler.store.Database;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.problem.ProblemKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a call comes from a node of the same store, on behalf of whom, and that it was meant
 * for this node and just now. The time is the store's, which all nodes share. Thread-safe.
 */
public final class NodeCalls {

  /** The header that carries the proof. */
  public static final String HEADER = "Millrace-Node";

  private static final Duration VALID = Duration.ofSeconds(30);
  private static final int LONGEST = 500;

  private final Database database;
  private final KeySignatures signatures;
  private final String self;

  /**
   * @param self the name of this node
   */
  public NodeCalls(Database database, KeySignatures signatures, String self) {
    this.database = database;
    this.signatures = signatures;
    this.self = self;
  }

  /** The name of this node. */
  public String self() {
    return self;
  }

  /**
   * The header for a call.
   *
   * @param target path and query, as they are sent
   * @param user on whose behalf
   * @param node which is called
   */
  String sign(String method, String target, String user, String node) {
    long now = now();
    String who = Base64.getUrlEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    return now + " " + who + " " + signatures.sign(text(method, target, now, user, node));
  }

  /**
   * Lets a call of another node through.
   *
   * @param header as it was sent; null without
   * @return on whose behalf it is made
   * @throws ProblemException 401 when it is not one
   */
  public String admit(String method, String target, @Nullable String header) {
    String[] parts =
        header == null || header.length() > LONGEST ? new String[0] : header.split(" ", -1);
    if (parts.length != 3 || !parts[0].matches("[0-9]{1,15}")) {
      throw refused();
    }
    long at = Long.parseLong(parts[0]);
    String user = user(parts[1]);
    if (!signatures.isSigned(text(method, target, at, user, self), parts[2])
        || Math.abs(now() - at) > VALID.toMillis()) {
      throw refused();
    }
    return user;
  }

  private static String user(String base64) {
    try {
      return new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw refused();
    }
  }

  private static String text(String method, String target, long at, String user, String node) {
    return String.join("\n", method, target, Long.toString(at), user, node);
  }

  private long now() {
    return database.with(
        handle -> handle.createQuery("SELECT " + database.dialect().now()).mapTo(Long.class).one());
  }

  private static ProblemException refused() {
    return new ProblemException(ProblemKind.NOT_LOGGED_IN, "only nodes of this store may ask this");
  }
}
