package io.millrace.dist.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scheduler.backfill.BackfillRequest;
import io.millrace.scheduler.backfill.BackfillState;
import io.millrace.scheduler.backfill.Existing;
import io.millrace.scheduler.group.GroupKind;
import io.millrace.scheduler.instance.InstanceKind;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.runner.LogFile;
import io.millrace.server.route.Route;
import io.millrace.server.security.Role;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever adds a route, a filter or a word of a closed set has to add it to the command line. */
class EveryRouteHasACommandTest {

  /** Routes that are for programs. */
  private static final Map<String, String> WITHOUT =
      Map.of(
          "GET /health/live", "asked by whoever watches the process",
          "GET /health/ready", "asked by whoever watches the process",
          "GET /metrics", "read by Prometheus",
          "GET /api/v1/openapi.json", "describes the others");

  /** Routes by which the nodes of a store ask each other; nobody else may. */
  private static final String OF_NODES = " /node/";

  /** What the command line walks through by itself, with --limit and --all. */
  private static final Set<String> PAGING = Set.of("cursor", "page", "size", "offset");

  @TempDir private Path directory;
  private ServerInProcess server;

  @BeforeEach
  void compose() throws Exception {
    server = new ServerInProcess(directory);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private static List<ClientCommand> commands() {
    return ClientCommands.NAMES.stream()
        .flatMap(name -> ClientCommands.named(name).commands().stream())
        .toList();
  }

  private static boolean isForPrograms(String route) {
    return WITHOUT.containsKey(route) || route.contains(OF_NODES);
  }

  @Test
  void everyRouteIsCalledByACommandAndNoCommandCallsWhatIsNotThere() {
    Set<String> routes = new TreeSet<>();
    server.routes().forEach(route -> routes.add(route.toString()));
    assertThat(routes).containsAll(WITHOUT.keySet());
    routes.removeIf(EveryRouteHasACommandTest::isForPrograms);
    Set<String> called = new TreeSet<>();
    commands().forEach(command -> command.endpoints().forEach(one -> called.add(one.toString())));
    Set<String> missing = new TreeSet<>(routes);
    missing.removeAll(called);
    assertThat(missing).as("routes without a command").isEmpty();
    called.removeAll(routes);
    assertThat(called).as("routes that the server does not have").isEmpty();
  }

  @Test
  void everyParameterOfAQueryCanBeSaid() {
    for (Route route : server.routes()) {
      if (isForPrograms(route.toString())) {
        continue;
      }
      Set<String> wanted = new TreeSet<>(route.contract().query().keySet());
      wanted.removeAll(PAGING);
      Set<String> known = new TreeSet<>();
      commands().stream()
          .filter(
              command ->
                  command.endpoints().stream()
                      .anyMatch(one -> one.toString().equals(route.toString())))
          .flatMap(command -> command.filters().stream())
          .forEach(filter -> known.add(ClientCommand.parameter(filter)));
      assertThat(known).as(route.toString()).containsAll(wanted);
    }
  }

  @Test
  void noFilterOfAListIsUnknownToItsRoute() {
    for (ClientCommand command : commands()) {
      for (ClientCommand.Option filter : command.filters()) {
        assertThat(
                server.routes().stream()
                    .filter(route -> calls(command, route))
                    .anyMatch(
                        route ->
                            route.contract().query().containsKey(ClientCommand.parameter(filter))))
            .as(command.name() + " " + filter.name())
            .isTrue();
      }
    }
  }

  private static boolean calls(ClientCommand command, Route route) {
    return command.endpoints().stream().anyMatch(one -> one.toString().equals(route.toString()));
  }

  @Test
  void theWordsThatHelpListsAreThoseOfTheServer() {
    same(InstanceCommands.STATES, InstanceState.values());
    same(InstanceCommands.KINDS, InstanceKind.values());
    same(LogCommands.FILES, LogFile.values());
    same(TokenCommands.ROLES, Role.values());
    same(GroupCommands.KINDS, GroupKind.values());
    same(BackfillCommands.STATES, BackfillState.values());
    same(BackfillCommands.ORDERS, BackfillRequest.Order.values());
    same(BackfillCommands.FUTURES, BackfillRequest.Future.values());
    same(BackfillCommands.ALERTS, BackfillRequest.Alert.values());
    same(BackfillCommands.EXISTING, Existing.values());
    same(BackfillCommands.SLICES, BackfillRequest.Slices.Kind.values());
    same(BackfillCommands.ON_FAILURE, BackfillRequest.OnFailure.values());
  }

  private static void same(String[] words, Enum<?>[] constants) {
    assertThat(words)
        .containsExactlyInAnyOrder(Arrays.stream(constants).map(Enum::name).toArray(String[]::new));
  }
}
