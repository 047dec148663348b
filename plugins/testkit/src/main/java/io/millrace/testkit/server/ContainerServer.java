package io.millrace.testkit.server;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** A server in a container. The only class that touches Testcontainers. */
final class ContainerServer implements TestServer {

  private static final int PORT = 3306;

  private final Flavour flavour;
  private final String password;
  private final GenericContainer<?> container;

  private ContainerServer(Flavour flavour, String password, GenericContainer<?> container) {
    this.flavour = flavour;
    this.password = password;
    this.container = container;
  }

  static ContainerServer start(Flavour flavour, ServerOptions options) {
    String chosen = options.password();
    String password = chosen == null ? "Secret-" + UUID.randomUUID() : chosen;
    List<String> command = new ArrayList<>();
    command.add(flavour == Flavour.MYSQL ? "mysqld" : "mariadbd");
    command.addAll(
        List.of(
            "--skip-name-resolve",
            "--skip-log-bin",
            "--skip-ssl",
            "--performance-schema=0",
            "--local-infile=1",
            "--max-allowed-packet=256M",
            "--character-set-server=utf8mb4",
            "--default-time-zone=+09:00"));
    command.addAll(options.arguments());
    String image = flavour == Flavour.MYSQL ? "mysql:8.0" : "mariadb:11.4";
    String variable = flavour == Flavour.MYSQL ? "MYSQL" : "MARIADB";
    @SuppressWarnings("resource") // closed by close() of the server
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(image))
            .withExposedPorts(PORT)
            .withEnv(variable + "_ROOT_PASSWORD", password)
            .withCommand(command.toArray(new String[0]))
            // The images start a first server without a port to set up accounts.
            .waitingFor(Wait.forLogMessage(".*port: " + PORT + " .*\\s*", 1));
    container.start();
    return new ContainerServer(flavour, password, container);
  }

  @Override
  public Flavour flavour() {
    return flavour;
  }

  @Override
  public String host() {
    return container.getHost();
  }

  @Override
  public int port() {
    return container.getMappedPort(PORT);
  }

  @Override
  public String user() {
    return "root";
  }

  @Override
  public String password() {
    return password;
  }

  @Override
  public long pid() {
    return -1;
  }

  @Override
  public String description() {
    return flavour.title()
        + " in a container of "
        + container.getDockerImageName()
        + ", on "
        + host()
        + ":"
        + port();
  }

  @Override
  public void close() {
    container.stop();
  }
}
