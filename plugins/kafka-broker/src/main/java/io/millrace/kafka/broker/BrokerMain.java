package io.millrace.kafka.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kafka.Kafka;
import kafka.tools.StorageTool;

/** The child process: formats the broker's directory where that was not done, then runs it. */
final class BrokerMain {

  private BrokerMain() {}

  /**
   * @param arguments the file of properties, the cluster's id, and users for SCRAM
   */
  public static void main(String[] arguments) throws IOException {
    // A parent that was killed cannot end this process; its end of the pipe is then closed.
    Thread watch = new Thread(BrokerMain::endWithParent, "parent-watch");
    watch.setDaemon(true);
    watch.start();
    String properties = arguments[0];
    List<String> format = new ArrayList<>();
    format.addAll(List.of("format", "--ignore-formatted", "-t", arguments[1], "-c", properties));
    for (int i = 2; i < arguments.length; i++) {
      format.add("--add-scram");
      format.add(arguments[i]);
    }
    if (StorageTool.execute(format.toArray(String[]::new), System.out) != 0) {
      throw new IOException(
          "the directory was not formatted: " + Files.readString(Path.of(properties)));
    }
    Kafka.main(new String[] {properties});
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is ever sent.
        continue;
      }
    } catch (IOException e) {
      // The same as the end.
    }
    Runtime.getRuntime().halt(1);
  }
}
