package io.millrace.dist.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a command is about, and the usual commands about it: call one route, show the answer.
 *
 * @param label of the argument that names it
 * @param help for that argument
 * @param resolver makes of the argument what stands in the path
 */
record Subject(String label, String help, Resolver resolver) {

  /** Makes of what was typed what stands in a path. */
  @FunctionalInterface
  interface Resolver {
    Object resolve(ApiClient api, String text);
  }

  /** Something that is known by its name. */
  static Subject named(String label) {
    return new Subject(label, "Its name.", (api, text) -> text);
  }

  /** Something that has a number only. */
  static Subject numbered(String label) {
    return new Subject(label, "Its id.", (api, text) -> Invocation.id(label, text));
  }

  /** What stands in the path for what this command is about. */
  Object of(Invocation invocation) {
    return resolver.resolve(invocation.api(), invocation.argument(label));
  }

  /** Calls a route of it without a body. Filters may be added. */
  ClientCommand calling(String name, String summary, Endpoint endpoint) {
    return ClientCommand.of(name, summary, endpoint)
        .argument(label, help)
        .does(
            invocation -> {
              Object subject = of(invocation);
              return shown(
                  invocation, invocation.api().call(endpoint, invocation.query(), subject));
            });
  }

  /** Calls a route of it with a body. Options may be added. */
  ClientCommand sending(
      String name, String summary, Endpoint endpoint, Function<Invocation, JsonNode> body) {
    return ClientCommand.of(name, summary, endpoint)
        .argument(label, help)
        .does(
            invocation -> {
              JsonNode content = body.apply(invocation);
              Object subject = of(invocation);
              return shown(invocation, invocation.api().send(endpoint, content, subject));
            });
  }

  /** Lists what belongs to it. */
  ClientCommand listing(String name, String summary, Endpoint endpoint, String... columns) {
    return ClientCommand.of(name, summary, endpoint)
        .argument(label, help)
        .does(
            invocation -> {
              Object subject = of(invocation);
              ApiClient.Reply reply = invocation.api().call(endpoint, invocation.query(), subject);
              if (invocation.output().isJson()) {
                invocation.output().raw(reply.bytes());
              } else {
                invocation.output().table(reply.json(), List.of(columns));
              }
              return true;
            });
  }

  /** Shows what came of it; where the server has nothing to say, that it is done. */
  static boolean shown(Invocation invocation, ApiClient.Reply reply) {
    if (reply.bytes().length == 0) {
      invocation.output().line("done");
    } else {
      invocation.output().answer(reply);
    }
    return true;
  }

  /** The same, for a command that is about nothing that there is already. */
  static ClientCommand making(
      String name, String summary, Endpoint endpoint, Function<Invocation, JsonNode> body) {
    return ClientCommand.of(name, summary, endpoint)
        .does(
            invocation ->
                shown(invocation, invocation.api().send(endpoint, body.apply(invocation))));
  }

  /** What a field of the present state is, or what was said instead. */
  static String said(Invocation invocation, String option, JsonNode now, String field) {
    return invocation.option(option).orElseGet(() -> now.path(field).asText());
  }

  /** What the server has at the moment. */
  JsonNode now(Invocation invocation, Endpoint endpoint) {
    return invocation.api().call(endpoint, Map.of(), of(invocation)).json();
  }
}
