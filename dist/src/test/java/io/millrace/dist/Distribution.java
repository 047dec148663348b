package io.millrace.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs the packaged {@code bin/millrace} as a user would, in a directory of its own. */
public final class Distribution {

  private final Path directory;
  private final Map<String, String> environment = new LinkedHashMap<>();

  /**
   * Commands share the cache of this build, as those of a user do: only the first is slowed by
   * making class data and unpacking plugins.
   *
   * @param directory where commands are started
   */
  public Distribution(Path directory) {
    this.directory = directory;
    environment.put("MILLRACE_CACHE", Path.of("target", "cache").toAbsolutePath().toString());
  }

  /**
   * Uses an empty cache, in the directory where commands are started. Class data is not made there:
   * the process that does outlives the command, and would write where nothing is any more.
   */
  public Distribution withOwnCache() {
    return with("MILLRACE_NO_CLASS_DATA", "1")
        .with("MILLRACE_CACHE", directory.resolve("cache").toString());
  }

  /** The same with class data; whoever runs a command awaits {@link #classData}. */
  public Distribution withOwnCacheAndClassData() {
    return withOwnCache().with("MILLRACE_NO_CLASS_DATA", "");
  }

  /** Waits until a command's class data lies in its own cache, at most two minutes. */
  public Path classData() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (true) {
      List<Path> files = inCache("classes-");
      if (files.size() == 1 && files.get(0).toString().endsWith(".jsa")) {
        return files.get(0);
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("no class data, but " + files);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Waits until no process that makes class data of its own cache is there. */
  public void awaitNoMaker() throws IOException, InterruptedException {
    Path cache = directory.resolve("cache");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (ProcessHandle.allProcesses().anyMatch(process -> isIn(cache, process))) {
      if (System.nanoTime() > end) {
        throw new AssertionError("a process works in " + cache);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static boolean isIn(Path cache, ProcessHandle process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", process.pid() + "", "cwd")).equals(cache);
    } catch (IOException | UnsupportedOperationException e) {
      return false; // it has ended
    }
  }

  /** The files of its own cache whose names begin so. */
  public List<Path> inCache(String beginning) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
      return files.filter(file -> file.getFileName().toString().startsWith(beginning)).toList();
    }
  }

  /** The installation that was packaged by this build. */
  public static Path home() {
    String home = System.getProperty("millrace.distribution");
    if (home == null || !Files.isExecutable(Path.of(home, "bin", "millrace"))) {
      throw new IllegalStateException("no distribution at " + home + ": run mvn package");
    }
    return Path.of(home);
  }

  /** Uses another directory of plugins for the commands that follow. */
  public Distribution withPlugins(Path plugins) {
    try {
      Path conf = Files.createDirectories(directory.resolve("conf-of-test"));
      Files.writeString(conf.resolve("millrace.yaml"), "plugins: " + plugins + "\n");
      return with("MILLRACE_CONF", conf.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets an environment variable for the commands that follow. */
  public Distribution with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Starts a command. */
  public Running start(String... arguments) {
    return startWith("", arguments);
  }

  /** Starts a command that finds this text at its standard input. */
  public Running startWith(String input, String... arguments) {
    return start(input, List.of(), arguments);
  }

  /** Starts a command by a shell that first runs a statement, such as one that sets a limit. */
  public Running startUnder(String statement, String... arguments) {
    return start("", List.of("sh", "-c", statement + " && exec \"$@\"", "sh"), arguments);
  }

  private Running start(String input, List<String> before, String... arguments) {
    try {
      List<String> command = new ArrayList<>(before);
      // A shell that starts a build in the background has it ignore Ctrl-C, and so would this.
      command.addAll(List.of("env", "--default-signal=INT"));
      command.add(home().resolve("bin").resolve("millrace").toString());
      command.addAll(List.of(arguments));
      Path out = Files.createTempFile(directory, "out", ".txt");
      Path err = Files.createTempFile(directory, "err", ".txt");
      Path in = Files.writeString(Files.createTempFile(directory, "in", ".txt"), input);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      return new Running(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end, at most two minutes. */
  public Ended run(String... arguments) {
    return start(arguments).await();
  }

  /** The names of files and directories that commands have made, cache and outputs left out. */
  public List<String> made() {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.matches("cache|conf-of-test|(out|err|in)\\d+\\.txt"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A command that runs. */
  public record Running(Process process, Path out, Path err) {

    /** What it came to. */
    public Ended await() {
      try {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("the command did not end; it said " + Files.readString(err));
        }
        return new Ended(
            process.exitValue(),
            Files.readString(out, StandardCharsets.UTF_8),
            Files.readString(err, StandardCharsets.UTF_8));
      } catch (InterruptedException | IOException e) {
        throw new AssertionError(e);
      }
    }

    /** What Ctrl-C does. */
    public void interrupt() {
      try {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      } catch (InterruptedException | IOException e) {
        throw new AssertionError(e);
      }
    }

    /** What it has printed so far. */
    public String outputSoFar() {
      try {
        return Files.readString(out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** What it has printed so far, to either output. */
    public String printedSoFar() {
      try {
        return outputSoFar() + Files.readString(err);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Waits until it has printed a text to either output, at most two minutes. */
    public void awaitPrinted(String text) throws InterruptedException {
      awaitPrinted(Pattern.compile(Pattern.quote(text)));
    }

    /** The same for what a pattern matches. */
    public void awaitPrinted(Pattern pattern) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
      while (true) {
        // Looked at first: what it says last is there when it has ended.
        boolean ended = !process.isAlive();
        String printed = printedSoFar();
        if (pattern.matcher(printed).find()) {
          return;
        }
        if (ended || System.nanoTime() > end) {
          throw new AssertionError(
              "it "
                  + (ended ? "ended before" : "is there and")
                  + " did not say '"
                  + pattern
                  + "': "
                  + printed);
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  /** A command that has ended. */
  public record Ended(int exitCode, String out, String err) {

    /** The lines of standard error. */
    public List<String> errors() {
      return err.lines().toList();
    }
  }
}
