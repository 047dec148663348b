package io.millrace.dist.client;

import java.util.List;

/** A command that stands at the top by itself. */
record Alone(ClientCommand command) implements ClientCommands {

  @Override
  public String summary() {
    return command.summary();
  }

  @Override
  public List<ClientCommand> commands() {
    return List.of(command);
  }

  @Override
  public boolean isAlone() {
    return true;
  }
}
