package io.millrace.testkit.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;

/** The program that is killed while its server runs. */
final class StartAndWait {

  private StartAndWait() {}

  public static void main(String[] arguments) throws Exception {
    EmbeddedServer server = EmbeddedServer.start(Flavour.MYSQL, ServerOptions.DEFAULT);
    Path target = Path.of(arguments[0]);
    Path unfinished = target.resolveSibling("unfinished");
    Files.writeString(unfinished, server.pid() + " " + server.log().getParent());
    Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    new CountDownLatch(1).await();
  }
}
