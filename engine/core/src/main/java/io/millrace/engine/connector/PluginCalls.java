package io.millrace.engine.connector;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.util.function.Supplier;

/**
 * How the host calls into one plugin: with the plugin's class loader as the thread's context class
 * loader, which drivers and {@link java.util.ServiceLoader} look at and PF4J leaves at the host's.
 *
 * @param plugin the plugin, for messages
 * @param loader its class loader
 */
record PluginCalls(String plugin, ClassLoader loader) {

  <T> T call(Supplier<T> call) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return call.get();
    } catch (LinkageError e) {
      throw new MillraceException(
          StandardError.PLUGIN,
          "Plugin "
              + plugin
              + " needs something that is not there ("
              + e
              + "): it was built for another version of Millrace, or lacks a library",
          e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  void run(Runnable call) {
    call(
        () -> {
          call.run();
          return true;
        });
  }
}
