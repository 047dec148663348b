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
    } catch (Error e) {
      if (isNative(e)) {
        throw withoutNative(e);
      }
      if (!(e instanceof LinkageError)) {
        throw e;
      }
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

  /** Libraries say it in their own ways, and the second time only that their class is unusable. */
  private static boolean isNative(Throwable error) {
    for (Throwable each = error; each != null; each = each.getCause()) {
      String text = each.toString();
      if (text.contains("UnsatisfiedLinkError")
          || text.contains("NATIVE_LIBRARY")
          || text.contains("native library")) {
        return true;
      }
    }
    return false;
  }

  private MillraceException withoutNative(Error error) {
    return new MillraceException(
        StandardError.RESOURCE,
        "Plugin "
            + plugin
            + " cannot load a library of machine code, which it unpacks to "
            + System.getProperty("java.io.tmpdir")
            + " first: the folder is full, not writable, or mounted noexec, or the library is for"
            + " other machines ("
            + error
            + "); name another folder with MILLRACE_OPTS=-Djava.io.tmpdir=FOLDER",
        error);
  }

  void run(Runnable call) {
    call(
        () -> {
          call.run();
          return true;
        });
  }
}
