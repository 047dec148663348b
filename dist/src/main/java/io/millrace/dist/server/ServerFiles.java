package io.millrace.dist.server;

import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Decides, when a server starts, which files of its machine tasks may reach. */
final class ServerFiles {

  private static final String SETTING = "files.roots";

  /** The only folder in the data directory that holds nothing of the server's own. */
  static final String FOLDER = "files";

  /** It shows the process itself: its environment, its memory and its open files. */
  private static final Path PROCESSES = Path.of("/proc");

  private ServerFiles() {}

  /**
   * The files in the roots of a plan.
   *
   * @throws MillraceException in one line, when a root is no folder, or holds what is the server's
   */
  static LocalFiles of(ServerPlan plan) {
    Path data = real(plan.data());
    Path free = data.resolve(FOLDER);
    List<Path> own = new ArrayList<>(List.of(data, real(plan.runs()), PROCESSES));
    plan.files().own().forEach(each -> own.add(real(each)));
    List<Path> roots = new ArrayList<>();
    for (Path root : plan.files().roots()) {
      roots.add(root(plan, root, free, own));
    }
    return LocalFiles.within(roots, SETTING, plan.files().settings().toString());
  }

  private static Path root(ServerPlan plan, Path root, Path free, List<Path> own) {
    if (real(root).equals(free)) {
      make(free);
    }
    if (!Files.isDirectory(root)) {
      throw wrong(plan, root + " is no folder: make it, or take it out");
    }
    Path real = real(root);
    for (Path each : own) {
      boolean mayLieThere = real.startsWith(free) && free.startsWith(each);
      if (each.startsWith(real) || (real.startsWith(each) && !mayLieThere)) {
        throw wrong(
            plan,
            root
                + (each.startsWith(real) ? " holds " : " lies in ")
                + each
                + ", which is the server's own and out of reach of tasks: name folders apart from"
                + " it");
      }
    }
    return real;
  }

  private static void make(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new MillraceException(
          StandardError.RESOURCE, "the folder " + folder + " cannot be made: " + e, e);
    }
  }

  /** Without links, as far as it is there. */
  private static Path real(Path path) {
    Path plain = path.toAbsolutePath().normalize();
    for (Path there = plain; there != null; there = there.getParent()) {
      try {
        return there.toRealPath().resolve(there.relativize(plain)).normalize();
      } catch (IOException e) {
        // Not there yet: what is above it may be a link all the same.
        continue;
      }
    }
    return plain;
  }

  private static MillraceException wrong(ServerPlan plan, String what) {
    return new MillraceException(
        StandardError.CONFIGURATION, plan.files().settings() + ": " + SETTING + ": " + what);
  }
}
