package io.millrace.server.security;

import static io.millrace.server.route.Access.VIEWER;

import io.millrace.server.problem.ProblemException;
import io.millrace.server.problem.ProblemKind;
import io.millrace.server.route.Answer;
import io.millrace.server.route.Check;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One's own API tokens. */
final class TokenRoutes implements Routes {

  private static final int LONGEST_DAYS = 366;

  private final Tokens tokens;

  TokenRoutes(Tokens tokens) {
    this.tokens = tokens;
  }

  /** A token to be made; its role is no higher than one's own. */
  record NewToken(String name, Role role, int days) {
    NewToken {
      Check.text("name", name, 1, 100);
      Check.present("role", role);
      Check.between("days", days, 1, LONGEST_DAYS);
    }
  }

  /** A token, shown this once. */
  record NewTokenView(long id, String name, Role role, Instant expiresAt, String token) {
    @Override
    public String toString() {
      return "token " + name;
    }
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/tokens", VIEWER, "Lists one's own API tokens", this::list)
            .givesList(TokenView.class),
        Route.post("/tokens", VIEWER, "Makes an API token and shows it once", this::create)
            .takes(NewToken.class)
            .creates(NewTokenView.class),
        Route.delete("/tokens/{id}", VIEWER, "Revokes one of one's own API tokens", this::revoke));
  }

  private Object list(Request request) {
    return tokens.list(request.identity().account());
  }

  private Object create(Request request) throws IOException {
    Identity owner = SessionRoutes.requireSession(request);
    NewToken wanted = request.body(NewToken.class);
    if (!owner.role().includes(wanted.role())) {
      throw new ProblemException(
          ProblemKind.FORBIDDEN, "a token cannot have a higher role than you");
    }
    Tokens.Made made =
        tokens.create(
            owner, wanted.name(), wanted.role(), Duration.ofDays(wanted.days()), request.why());
    return Answer.created(
        Route.PREFIX + "/tokens/" + made.id(),
        new NewTokenView(made.id(), wanted.name(), wanted.role(), made.expiresAt(), made.token()));
  }

  private @Nullable Object revoke(Request request) {
    tokens.revoke(request.identity(), request.id("id"), request.why());
    return null;
  }
}
