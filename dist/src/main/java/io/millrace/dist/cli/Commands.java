package io.millrace.dist.cli;

import java.lang.reflect.Constructor;
import picocli.CommandLine;

/** Gives each command the one it belongs to, for the terminal and the installation. */
final class Commands implements CommandLine.IFactory {

  private final MillraceCommand millrace;

  Commands(MillraceCommand millrace) {
    this.millrace = millrace;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    if (type.getPackage().equals(Commands.class.getPackage())) {
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        if (constructor.getParameterCount() == 1
            && constructor.getParameterTypes()[0] == MillraceCommand.class) {
          return type.cast(constructor.newInstance(millrace));
        }
      }
    }
    return CommandLine.defaultFactory().create(type);
  }
}
