package io.millrace.dist.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;

/** {@code millrace user}. */
final class UserCommands implements ClientCommands {

  private static final Endpoint LIST = Endpoint.of("GET /users");
  private static final Endpoint CREATE = Endpoint.of("POST /users");
  private static final Endpoint SHOW = Endpoint.of("GET /users/{name}");
  private static final Endpoint CHANGE = Endpoint.of("PUT /users/{name}");
  private static final Endpoint DELETE = Endpoint.of("DELETE /users/{name}");
  private static final Endpoint RESET = Endpoint.of("POST /users/{name}/password-reset");

  private static final Subject USER = Subject.named("USER");
  private static final String ROLE = "--role";

  @Override
  public String summary() {
    return "Users and their roles; for administrators.";
  }

  @Override
  public List<ClientCommand> commands() {
    return List.of(
        Lists.command(
            "list",
            "List the users.",
            LIST,
            Lists.Form.PAGES,
            "name",
            "role",
            "disabled",
            "mustChangePassword",
            "createdAt",
            "changedAt"),
        USER.calling("show", "Show a user.", SHOW),
        Subject.making(
                "create",
                "Make a user, and show a one-time password for its first login.",
                CREATE,
                invocation ->
                    Json.object()
                        .put("name", invocation.argument("USER"))
                        .put("role", role(invocation, "VIEWER")))
            .argument("USER", "The name: lower case letters, digits, dots, dashes, underscores.")
            .choice(ROLE, "What the user may do; VIEWER when not given", TokenCommands.ROLES),
        ClientCommand.of("change", "Change a user's role, or bar the user.", SHOW, CHANGE)
            .argument("USER", "Its name.")
            .choice(ROLE, "What the user may do; as it is when not given", TokenCommands.ROLES)
            .flag("--disable", "Bar the user.")
            .flag("--enable", "Let the user in again.")
            .does(UserCommands::change),
        USER.calling("delete", "Delete a user.", DELETE),
        USER.calling(
            "reset-password",
            "Give a one-time password, end the user's sessions and revoke the tokens.",
            RESET));
  }

  private static String role(Invocation invocation, String otherwise) {
    return invocation.option(ROLE).orElse(otherwise).toUpperCase(Locale.ROOT);
  }

  private static boolean change(Invocation invocation) {
    if (invocation.flag("--disable") && invocation.flag("--enable")) {
      throw ClientError.INPUT.because("give --disable or --enable, not both");
    }
    JsonNode now = USER.now(invocation, SHOW);
    boolean disabled =
        invocation.flag("--disable")
            || (now.path("disabled").asBoolean() && !invocation.flag("--enable"));
    JsonNode change =
        Json.object()
            .put("role", role(invocation, now.path("role").asText()))
            .put("disabled", disabled);
    return Subject.shown(
        invocation, invocation.api().send(CHANGE, change, invocation.argument("USER")));
  }
}
