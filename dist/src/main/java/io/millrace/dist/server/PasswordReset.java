package io.millrace.dist.server;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.StoreClock;
import io.millrace.scheduler.store.StoreSettings;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.security.Security;
import io.millrace.server.security.SecuritySettings;
import java.nio.file.Files;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Lets somebody in again who has forgotten the password. Whoever may read the settings and the
 * store may do it: there is nothing that such a one could not do anyway.
 */
public final class PasswordReset {

  /** Who did it, in the audit. */
  private static final String CONSOLE = "console";

  private PasswordReset() {}

  /**
   * Gives a user a one-time password, ends the sessions and revokes the tokens.
   *
   * @param lines takes what whoever started it should see, with the password
   * @throws MillraceException in one line, when there is no such user, or a running server has the
   *     store
   */
  public static void run(ServerPlan plan, String user, Consumer<String> lines) {
    ServerPlan.Store store = plan.store();
    if (store != null) {
      reset(new StoreSettings(store.url(), store.user(), store.password()), user, lines);
      return;
    }
    if (!Files.exists(plan.data().resolve("millrace.mv.db"))) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "there is no store in " + plan.data() + "; see server.data, or give --data");
    }
    // Its lock: nobody else can open the file.
    try (DataDirectory data = DataDirectory.open(plan.data())) {
      reset(StoreSettings.file(data.path()), user, lines);
    }
  }

  private static void reset(StoreSettings settings, String user, Consumer<String> lines) {
    String name = user.toLowerCase(Locale.ROOT);
    String password;
    try (Database database = Database.open(settings);
        StoreClock clock = new StoreClock(database, StoreClock.MOST_SKEW)) {
      password =
          new Security(database, clock, SecuritySettings.defaults(), null)
              .accounts()
              .reset(name, CONSOLE, "millrace server --reset-password");
    } catch (ProblemException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION, "there is no user '" + name + "' in " + settings, e);
    }
    lines.accept("One-time password of " + name + ":");
    lines.accept("  " + password);
    lines.accept(
        "It is not shown again; log in and choose one of your own with it. The user's sessions are"
            + " ended and the API tokens revoked.");
  }
}
