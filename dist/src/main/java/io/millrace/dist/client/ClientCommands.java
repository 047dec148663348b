package io.millrace.dist.client;

import java.util.List;

/**
 * The commands of one kind of thing. Each is looked at only when it is called: who runs a task
 * waits for none of them.
 */
interface ClientCommands {

  /** All of them, in the order help shows them. */
  List<String> NAMES =
      List.of(
          "login",
          "logout",
          "whoami",
          "password",
          "task",
          "workflow",
          "instance",
          "backfill",
          "group",
          "datasource",
          "user",
          "token",
          "audit",
          "events");

  /** In one line. */
  String summary();

  /** What can be done; internal to this package. */
  List<ClientCommand> commands();

  /** True when its only command is called by the name of the whole. */
  default boolean isAlone() {
    return false;
  }

  /** The commands of this name. */
  static ClientCommands named(String name) {
    return switch (name) {
      case "login" -> LoginCommands.login();
      case "logout" -> LoginCommands.logout();
      case "whoami" -> LoginCommands.whoami();
      case "password" -> LoginCommands.password();
      case "task" -> new TaskCommands();
      case "workflow" -> new WorkflowCommands();
      case "instance" -> new InstanceCommands();
      case "backfill" -> new BackfillCommands();
      case "group" -> new GroupCommands();
      case "datasource" -> new DataSourceCommands();
      case "user" -> new UserCommands();
      case "token" -> new TokenCommands();
      case "audit" -> EventCommands.audit();
      case "events" -> EventCommands.events();
      default -> throw new IllegalArgumentException("no such command: " + name);
    };
  }
}
