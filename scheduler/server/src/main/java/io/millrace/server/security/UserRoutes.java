package io.millrace.server.security;

import static io.millrace.server.route.Access.ADMIN;

import io.millrace.server.route.Answer;
import io.millrace.server.route.Check;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Managing users. */
final class UserRoutes implements Routes {

  private final Accounts accounts;

  UserRoutes(Accounts accounts) {
    this.accounts = accounts;
  }

  /** A user to be made. */
  record NewUser(String name, Role role) {
    NewUser {
      Check.name("name", name);
      Check.present("role", role);
    }
  }

  /** What a user shall be. */
  record UserChange(Role role, boolean disabled) {
    UserChange {
      Check.present("role", role);
    }
  }

  /** A password that is shown this once and has to be changed at the first login. */
  record OneTimePassword(String user, String oneTimePassword) {
    @Override
    public String toString() {
      return "one-time password of " + user;
    }
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/users", ADMIN, "Lists the users", this::list).givesPage(UserView.class),
        Route.post("/users", ADMIN, "Makes a user, with a one-time password", this::create)
            .takes(NewUser.class)
            .creates(OneTimePassword.class),
        Route.get("/users/{name}", ADMIN, "Shows a user", this::show).gives(UserView.class),
        Route.put("/users/{name}", ADMIN, "Changes a user's role, or bars the user", this::change)
            .takes(UserChange.class)
            .gives(UserView.class),
        Route.delete("/users/{name}", ADMIN, "Deletes a user", this::delete),
        Route.post(
                "/users/{name}/password-reset",
                ADMIN,
                "Gives a one-time password, ends the sessions and revokes the tokens",
                this::reset)
            .gives(OneTimePassword.class));
  }

  private Object list(Request request) {
    return accounts.page(request.page());
  }

  private Object create(Request request) throws IOException {
    NewUser user = request.body(NewUser.class);
    String password =
        accounts.create(user.name(), user.role(), request.identity().name(), request.why());
    return Answer.created(
        Route.PREFIX + "/users/" + user.name(), new OneTimePassword(user.name(), password));
  }

  private Object show(Request request) {
    return UserView.of(accounts.require(request.name("name")));
  }

  private Object change(Request request) throws IOException {
    String name = request.name("name");
    UserChange change = request.body(UserChange.class);
    accounts.change(
        name, change.role(), change.disabled(), request.identity().name(), request.why());
    return UserView.of(accounts.require(name));
  }

  private @Nullable Object delete(Request request) {
    accounts.delete(request.name("name"), request.identity().name(), request.why());
    return null;
  }

  private Object reset(Request request) {
    String name = request.name("name");
    return new OneTimePassword(
        name, accounts.reset(name, request.identity().name(), request.why()));
  }
}
