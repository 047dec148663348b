package io.millrace.dist.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.File;

/**
 * Logback as the command line wants it: warnings to standard error, one line each, nothing else.
 * Found through {@code META-INF/services}.
 *
 * <p>It is set up here and not in a file because reading XML costs a tenth of a small task's time.
 * An operator who wants more names a file in {@code MILLRACE_LOGBACK}, such as the one in {@code
 * conf}.
 */
public final class QuietLogging extends ContextAwareBase implements Configurator {

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    String file = System.getenv("MILLRACE_LOGBACK");
    if (file != null && !file.isBlank()) {
      return read(context, new File(file));
    }
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    // Without the marks of what is data, which say something to the routes alone.
    encoder.setPattern(
        "%d{HH:mm:ss} %-5level %logger{20} "
            + "%replace(%replace(%msg){'[\\r\\n]+', ' '}){'[\u2068\u2069]', ''}%n%nopex");
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    // Their failures come back as exceptions, with one line of ours; said twice they confuse.
    context.getLogger("org.pf4j").setLevel(Level.OFF);
    context.getLogger("com.zaxxer.hikari").setLevel(Level.OFF);
    context.getLogger("org.apache.kafka").setLevel(Level.OFF);
    context.getLogger("io.javalin.Javalin").setLevel(Level.OFF);
    // They warn of what is as it should be: our versions are tested, our salts are our own.
    context.getLogger("org.flywaydb").setLevel(Level.ERROR);
    context.getLogger("com.password4j").setLevel(Level.ERROR);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private ExecutionStatus read(LoggerContext context, File file) {
    JoranConfigurator joran = new JoranConfigurator();
    joran.setContext(context);
    try {
      joran.doConfigure(file);
    } catch (JoranException e) {
      System.err.println("millrace: warning: " + file + " cannot be read, logging stays quiet");
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
