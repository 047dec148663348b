package io.millrace.dist.client;

import java.util.List;
import java.util.Locale;

/** {@code millrace token}: one's own API tokens. */
final class TokenCommands implements ClientCommands {

  static final Endpoint CREATE = Endpoint.of("POST /tokens");
  static final Endpoint REVOKE = Endpoint.of("DELETE /tokens/{id}");
  static final String[] ROLES = {"VIEWER", "OPERATOR", "DEVELOPER", "ADMIN"};

  private static final Endpoint LIST = Endpoint.of("GET /tokens");

  @Override
  public String summary() {
    return "Your own API tokens, for scripts.";
  }

  @Override
  public List<ClientCommand> commands() {
    return List.of(
        Lists.command(
            "list",
            "List your tokens.",
            LIST,
            Lists.Form.WHOLE,
            "id",
            "name",
            "role",
            "createdAt",
            "expiresAt",
            "usedAt"),
        ClientCommand.of(
                "create",
                "Make a token and show it, this once.",
                PasswordSession.LOG_IN,
                CREATE,
                PasswordSession.LOG_OUT)
            .argument("NAME", "What it is for.")
            .choice("--role", "What may be done with it; VIEWER when not given", ROLES)
            .option("--days", "N", "How long it is good for, 1 to 366 days; 30 when not given.")
            .option("--user", "NAME", "The user; asked for when not given.")
            .hint(
                "A token cannot make others: the password is asked for, or is a line of standard"
                    + " input.")
            .does(TokenCommands::create),
        Subject.numbered("ID").calling("revoke", "Revoke a token.", REVOKE));
  }

  private static boolean create(Invocation invocation) {
    try (PasswordSession session = LoginCommands.session(invocation)) {
      invocation
          .output()
          .answer(
              session
                  .client()
                  .send(
                      CREATE,
                      Json.object()
                          .put("name", invocation.argument("NAME"))
                          .put(
                              "role",
                              invocation.option("--role").orElse("VIEWER").toUpperCase(Locale.ROOT))
                          .put("days", invocation.number("--days").orElse(30))));
    }
    return true;
  }
}
