package io.millrace.dist.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code logrotate} does with {@code copytruncate} to the log of a server that runs. */
class LogRotationTest {

  @TempDir private Path directory;

  @Test
  void aLogThatIsCutGoesOnAtItsBeginning() throws Exception {
    Path log = directory.resolve("millrace.log");
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    context.putProperty("MILLRACE_LOG", log.toString());
    JoranConfigurator joran = new JoranConfigurator();
    joran.setContext(context);
    joran.doConfigure(Path.of("../conf/logback.xml").toFile());
    context.getLogger("test").info("before");
    assertThat(Files.readString(log)).contains("before");
    try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
      file.truncate(0);
    }
    context.getLogger("test").info("after");
    context.stop();
    assertThat(Files.readString(log)).contains("after").doesNotContain("before", "\0");
  }
}
