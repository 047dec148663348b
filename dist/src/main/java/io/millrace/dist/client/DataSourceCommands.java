package io.millrace.dist.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** {@code millrace datasource}. Secrets are taken from anywhere but the command line. */
final class DataSourceCommands implements ClientCommands {

  private static final Endpoint LIST = Endpoint.of("GET /datasources");
  private static final Endpoint CREATE = Endpoint.of("POST /datasources");
  private static final Endpoint SHOW = Endpoint.of("GET /datasources/{name}");
  private static final Endpoint CHANGE = Endpoint.of("PUT /datasources/{name}");
  private static final Endpoint RENAME = Endpoint.of("POST /datasources/{name}/rename");
  private static final Endpoint ACCEPT = Endpoint.of("POST /datasources/{name}/certificate");
  private static final Endpoint DELETE = Endpoint.of("DELETE /datasources/{name}");
  private static final Endpoint TASKS = Endpoint.of("GET /datasources/{name}/tasks");
  private static final Endpoint TEST = Endpoint.of("POST /datasources/{name}/test");
  private static final Endpoint ROTATE = Endpoint.of("POST /datasources/rotate-key");

  private static final Subject SOURCE = Subject.named("NAME");
  private static final String REVISION = "--revision";
  private static final String REVISION_HELP =
      "The one that was looked at; refused when it was changed since. The present one when not"
          + " given.";
  private static final Set<String> SECRETS = Set.of("password", "passwd", "secret", "token", "key");

  @Override
  public String summary() {
    return "Named connections. Their secrets go in and never come out.";
  }

  @Override
  public List<ClientCommand> commands() {
    return List.of(
        Lists.command(
                "list",
                "List the data sources.",
                LIST,
                Lists.Form.PAGES,
                "name",
                "type",
                "owner",
                "description",
                "revision",
                "changedAt")
            .filter("--name", "TEXT", "Only those whose name begins so."),
        SOURCE.calling("show", "Show a data source, without its secrets.", SHOW),
        SOURCE.calling("tasks", "List the published tasks that use it.", TASKS),
        described(
            Subject.making("create", "Make a data source.", CREATE, DataSourceCommands::made)
                .argument("NAME", "Its name.")
                .optionalArgument("FILE", InputFile.HELP + " Holds type and options.")),
        described(
            ClientCommand.of("save", "Change a data source.", SHOW, CHANGE)
                .argument("NAME", "Its name.")
                .optionalArgument(
                    "FILE", InputFile.HELP + " Its options take the place of all there are.")
                .option(REVISION, "N", REVISION_HELP)
                .hint("Options that are given one by one change these and keep the others.")
                .does(DataSourceCommands::save)),
        ClientCommand.of(
                "rename", "Rename it; refused while a published task uses it.", SHOW, RENAME)
            .argument("NAME", "Its name.")
            .argument("NEW-NAME", "What it shall be called.")
            .option(REVISION, "N", REVISION_HELP)
            .does(DataSourceCommands::rename),
        ClientCommand.of(
                "accept-certificate",
                "Accept a certificate that a server shows instead of the one it showed before.",
                ACCEPT)
            .argument("NAME", "The data source.")
            .argument("HOST-PORT", "Its server, as the error names it, such as db:3306.")
            .argument("FINGERPRINT", "The SHA-256 of what it shows, as the error names it.")
            .hint("Compare the fingerprint with the server's administrator first.")
            .does(DataSourceCommands::accept),
        SOURCE
            .calling("delete", "Delete it; refused while a published task uses it.", DELETE)
            .filter(REVISION, "N", REVISION_HELP),
        ClientCommand.of("test", "Connect as a task would, and say what answers or why not.", TEST)
            .argument("NAME", "Its name.")
            .hint("Changes nothing there. Exit code 1 when a task could not connect.")
            .does(DataSourceCommands::test),
        ClientCommand.of("rotate-key", "Encrypt all secrets with a new key.", ROTATE)
            .does(
                invocation -> Subject.shown(invocation, invocation.api().call(ROTATE, Map.of()))));
  }

  private static ClientCommand described(ClientCommand command) {
    return command
        .option("--type", "TYPE", "The connector, such as mysql.")
        .repeated("--option", "KEY=VALUE", "An option; not for secrets, everybody here can see it.")
        .repeated("--option-env", "KEY=VARIABLE", "An option, taken from an environment variable.")
        .repeated(
            "--option-file",
            "KEY=FILE",
            "An option, taken from a file without its last line break.")
        .repeated(
            "--ask", "KEY", "An option that is typed without being shown, or a line of input.")
        .option("--description", "TEXT", "What it is.")
        .option("--owner", "USER", "Whose it is; yours when not given at first.");
  }

  /**
   * What was said.
   *
   * @param options true when its options are all that there shall be
   */
  private record Given(ObjectNode form, boolean options) {}

  private static Given given(Invocation invocation) {
    String file = invocation.option("FILE").orElse(null);
    ObjectNode form = file == null ? Json.object() : InputFile.object(invocation.context(), file);
    boolean whole = form.has("options");
    if (whole && !form.path("options").isObject()) {
      throw ClientError.INPUT.because(file + ": options must hold fields");
    }
    ObjectNode options = whole ? (ObjectNode) form.get("options") : form.putObject("options");
    for (String one : invocation.all("--option")) {
      String[] parts = parts("--option", one);
      warnOfSecret(invocation, parts[0]);
      options.set(parts[0], value(parts[1]));
    }
    for (String one : invocation.all("--option-env")) {
      String[] parts = parts("--option-env", one);
      String value = invocation.context().environment().apply(parts[1]);
      if (value == null) {
        throw ClientError.INPUT.because("--option-env: the variable " + parts[1] + " is not set");
      }
      options.put(parts[0], value);
    }
    for (String one : invocation.all("--option-file")) {
      String[] parts = parts("--option-file", one);
      options.put(
          parts[0], InputFile.text(invocation.context(), parts[1]).replaceFirst("\\r?\\n$", ""));
    }
    for (String key : invocation.all("--ask")) {
      options.put(key, invocation.passwords().secret(key));
    }
    for (String field : List.of("type", "description", "owner")) {
      invocation.option("--" + field).ifPresent(text -> form.put(field, text));
    }
    return new Given(form, whole);
  }

  private static String[] parts(String option, String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw ClientError.INPUT.because(option + " must be KEY=VALUE");
    }
    return new String[] {text.substring(0, equals), text.substring(equals + 1)};
  }

  /** A port is a number; what is a text all the same, such as a user 007, begins with a zero. */
  private static JsonNode value(String text) {
    return text.matches("0|[1-9][0-9]{0,17}")
        ? Json.MAPPER.getNodeFactory().numberNode(Long.parseLong(text))
        : text.equals("true") || text.equals("false")
            ? Json.MAPPER.getNodeFactory().booleanNode(text.equals("true"))
            : Json.MAPPER.getNodeFactory().textNode(text);
  }

  private static void warnOfSecret(Invocation invocation, String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    if (SECRETS.stream().anyMatch(lower::contains)) {
      invocation
          .context()
          .warn(
              "warning: --option "
                  + key
                  + " can be seen in the process list; give it with --ask, --option-env or"
                  + " --option-file");
    }
  }

  private static ObjectNode made(Invocation invocation) {
    ObjectNode form = given(invocation).form();
    form.put("name", invocation.argument("NAME"));
    if (!form.has("type")) {
      throw ClientError.INPUT.because("--type is missing, such as --type mysql");
    }
    return form;
  }

  private static boolean save(Invocation invocation) {
    Given given = given(invocation);
    ObjectNode form = given.form();
    JsonNode now = SOURCE.now(invocation, SHOW);
    if (!given.options()) {
      // A secret comes as *** and goes back so, which keeps the one that is there.
      ObjectNode options = (ObjectNode) now.path("options").deepCopy();
      options.setAll((ObjectNode) form.path("options"));
      form.set("options", options);
    }
    if (!form.has("type")) {
      form.set("type", now.path("type"));
    }
    form.remove("name");
    form.put("revision", revision(invocation, now));
    return Subject.shown(
        invocation, invocation.api().send(CHANGE, form, invocation.argument("NAME")));
  }

  private static int revision(Invocation invocation, JsonNode now) {
    return invocation.number(REVISION).orElse(now.path("revision").asInt());
  }

  private static boolean test(Invocation invocation) {
    ApiClient.Reply reply = invocation.api().call(TEST, Map.of(), SOURCE.of(invocation));
    JsonNode tested = reply.json();
    if (invocation.output().isJson()) {
      invocation.output().raw(reply.bytes());
    } else {
      invocation
          .output()
          .line(
              (tested.path("ok").asBoolean() ? "ok: " : "failed: ")
                  + tested.path("message").asText()
                  + " ("
                  + tested.path("millis").asText()
                  + " ms)");
    }
    return tested.path("ok").asBoolean();
  }

  private static boolean rename(Invocation invocation) {
    JsonNode change =
        Json.object()
            .put("revision", revision(invocation, SOURCE.now(invocation, SHOW)))
            .put("name", invocation.argument("NEW-NAME"));
    return Subject.shown(
        invocation, invocation.api().send(RENAME, change, invocation.argument("NAME")));
  }

  private static boolean accept(Invocation invocation) {
    JsonNode accepted =
        Json.object()
            .put("server", invocation.argument("HOST-PORT"))
            .put("fingerprint", invocation.argument("FINGERPRINT"));
    return Subject.shown(
        invocation, invocation.api().send(ACCEPT, accepted, invocation.argument("NAME")));
  }
}
