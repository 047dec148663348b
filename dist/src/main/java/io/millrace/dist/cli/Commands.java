package io.millrace.dist.cli;

import io.millrace.dist.client.ClientLine;
import java.lang.reflect.Constructor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Gives each command the one it belongs to, for the terminal and the installation. */
final class Commands implements CommandLine.IFactory {

  /** Every command, in the order help shows them. */
  static final Map<String, Class<?>> ALL = all();

  private final MillraceCommand millrace;

  Commands(MillraceCommand millrace) {
    this.millrace = millrace;
  }

  private static Map<String, Class<?>> all() {
    Map<String, Class<?>> all = new LinkedHashMap<>();
    all.put("run", RunCommand.class);
    all.put("check", CheckCommand.class);
    all.put("preview", PreviewCommand.class);
    all.put("connectors", ConnectorsCommand.class);
    all.put("replay-dirty", ReplayDirtyCommand.class);
    all.put("discard", DiscardCommand.class);
    all.put("cleanup", CleanupCommand.class);
    all.put("server", ServerCommand.class);
    for (String name : ClientLine.NAMES) {
      all.put(name, ClientLine.class);
    }
    all.put("demo", DemoCommand.class);
    all.put("version", VersionCommand.class);
    all.put("generate-completion", AutoComplete.GenerateCompletion.class);
    return Collections.unmodifiableMap(all);
  }

  /** A command as picocli takes it. */
  Object command(String name) {
    Class<?> type = Objects.requireNonNull(ALL.get(name), name);
    return type == ClientLine.class ? ClientLine.of(name, millrace::clientContext) : type;
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
