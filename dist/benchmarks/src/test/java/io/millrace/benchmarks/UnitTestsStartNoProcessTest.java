package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasParameterTypes;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A test whose name ends in {@code Test} runs with {@code dist/test --fast}, before each commit;
 * one that starts a process, and every server of a test is one, is named {@code …IT}. Stands in the
 * last module of the build, which is made when the tests of all others are.
 */
class UnitTestsStartNoProcessTest {

  private static final Path ROOT = Path.of("../..");

  private static JavaClasses classes;

  @BeforeAll
  static void readTheTestsOfEveryModule() throws IOException {
    List<Path> paths = new ArrayList<>();
    try (Stream<Path> poms = Files.find(ROOT, 3, (path, is) -> path.endsWith("pom.xml"))) {
      for (Path pom : poms.toList()) {
        paths.add(pom.resolveSibling("target/test-classes"));
      }
    }
    // What tests start servers with.
    paths.add(ROOT.resolve("plugins/testkit/target/classes"));
    paths.add(ROOT.resolve("plugins/kafka-broker/target/classes"));
    paths.removeIf(path -> !Files.isDirectory(path));
    assertThat(paths).hasSizeGreaterThan(10);
    // Libraries are of no interest, and many.
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    classes = new ClassFileImporter().importPaths(paths);
  }

  /** Some hundred megabytes, of which the tests after this one need some. */
  @AfterAll
  static void forgetThem() {
    classes = new ClassFileImporter().importPaths(List.of());
  }

  @Test
  void aTestThatStartsAServerOrAnotherProcessIsNamedIt() {
    List<String> found = new ArrayList<>();
    for (JavaClass test : tests("Test")) {
      String way = wayToAProcess(test);
      if (way != null) {
        found.add(way);
      }
    }
    assertThat(found).as("rename them to …IT, or the methods that start something").isEmpty();
  }

  /** What finds nothing proves nothing. */
  @Test
  void mostTestsThatAreNamedItAreSeenToStartOne() {
    List<JavaClass> all = tests("IT");
    assertThat(all).hasSizeGreaterThan(80);
    assertThat(all.stream().filter(test -> wayToAProcess(test) != null).count())
        .isGreaterThan(all.size() * 3L / 4);
  }

  private static List<JavaClass> tests(String suffix) {
    return classes.stream()
        .filter(each -> each.getSimpleName().endsWith(suffix) && each.isTopLevelClass())
        .filter(each -> !each.getModifiers().contains(JavaModifier.ABSTRACT))
        .sorted(Comparator.comparing(JavaClass::getName))
        .toList();
  }

  private static @Nullable String wayToAProcess(JavaClass test) {
    return new Walk(test).toAProcess();
  }

  /**
   * Follows the calls of all methods of a test, those of its nested classes included. A call of a
   * method that the test itself has goes there; any other to the class that is named and to those
   * below it of which the walk has seen an object being made.
   */
  private static final class Walk {

    private final JavaClass test;

    /** How the walk has come to a method. */
    private final Map<JavaCodeUnit, String> ways = new HashMap<>();

    private final Deque<JavaCodeUnit> open = new ArrayDeque<>();
    private final Set<JavaClass> made = new HashSet<>();

    /** Methods that are called as soon as there is an object of their class. */
    private final Map<JavaClass, Map<JavaCodeUnit, String>> waiting = new HashMap<>();

    Walk(JavaClass test) {
      this.test = test;
    }

    @Nullable String toAProcess() {
      for (JavaClass each : classes) {
        if (isOfTheTest(each)) {
          made.add(each);
          each.getCodeUnits().forEach(unit -> reach(unit, test.getName()));
        }
      }
      while (!open.isEmpty()) {
        JavaCodeUnit unit = open.remove();
        for (JavaAccess<?> access : unit.getAccessesFromSelf()) {
          if (startsAProcess(access)) {
            return ways.get(unit) + " -> " + access.getTarget().getFullName();
          }
          follow(access, ways.get(unit));
        }
      }
      return null;
    }

    /** Whether it is the test, one of its superclasses, or nested in one of them. */
    private boolean isOfTheTest(JavaClass type) {
      for (JavaClass at = type; at != null; at = at.getEnclosingClass().orElse(null)) {
        if (test.isAssignableTo(at.getName())) {
          return true;
        }
      }
      return false;
    }

    private void reach(JavaCodeUnit unit, String way) {
      if (ways.putIfAbsent(unit, way) == null) {
        open.add(unit);
      }
    }

    private void follow(JavaAccess<?> access, String way) {
      JavaClass owner = access.getTargetOwner();
      owner
          .getStaticInitializer()
          .ifPresent(unit -> reach(unit, way + " -> " + unit.getFullName()));
      if (!(access.getTarget() instanceof CodeUnitAccessTarget called)) {
        return;
      }
      if (called.getName().equals(JavaConstructor.CONSTRUCTOR_NAME)) {
        made.add(owner);
        find(owner, called).ifPresent(unit -> reach(unit, way + " -> " + unit.getFullName()));
        waiting.getOrDefault(owner, Map.of()).forEach(this::reach);
        return;
      }
      JavaClass named = test.isAssignableTo(owner.getName()) ? test : owner;
      hierarchy(named)
          .flatMap(each -> find(each, called).stream())
          .findFirst()
          .ifPresent(unit -> reach(unit, way + " -> " + unit.getFullName()));
      if (named != test) {
        for (JavaClass below : owner.getAllSubclasses()) {
          hierarchy(below)
              .flatMap(each -> find(each, called).stream())
              .findFirst()
              .ifPresent(unit -> reachWhenMade(below, unit, way + " -> " + unit.getFullName()));
        }
      }
    }

    private void reachWhenMade(JavaClass type, JavaCodeUnit unit, String way) {
      if (made.contains(type)) {
        reach(unit, way);
      } else {
        waiting.computeIfAbsent(type, k -> new HashMap<>()).putIfAbsent(unit, way);
      }
    }
  }

  private static boolean startsAProcess(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String name = access.getTarget().getName();
    return (owner.equals("java.lang.ProcessBuilder") && name.startsWith("start"))
        || (owner.equals("java.lang.Runtime") && name.equals("exec"));
  }

  private static Optional<JavaCodeUnit> find(JavaClass type, CodeUnitAccessTarget called) {
    return type.getCodeUnits().stream()
        .filter(unit -> unit.getName().equals(called.getName()))
        .filter(unit -> names(unit).equals(names(called)))
        .findFirst();
  }

  private static List<String> names(HasParameterTypes method) {
    return method.getRawParameterTypes().stream().map(JavaClass::getName).toList();
  }

  /** A class, its superclasses and its interfaces, in this order. */
  private static Stream<JavaClass> hierarchy(JavaClass type) {
    return Stream.of(List.of(type), type.getAllRawSuperclasses(), type.getAllRawInterfaces())
        .flatMap(Collection::stream);
  }
}
