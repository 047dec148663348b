package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.domain.properties.HasParameterTypes;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
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
    // What starts the server of the demo. Benchmarks are left out: ReportTest names them all.
    paths.add(ROOT.resolve("dist/target/classes"));
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

  /** Others are compiled and never run; what is named Bench is run by hand. */
  @Test
  void whatHasTestsIsNamedTestOrIt() {
    assertThat(
            classes.stream()
                .filter(each -> each.isTopLevelClass() && !each.isInterface())
                .filter(each -> !each.getModifiers().contains(JavaModifier.ABSTRACT))
                .filter(each -> !each.getSimpleName().matches(".*(Test|IT|Bench)"))
                .filter(each -> each.getAllMethods().stream().anyMatch(method -> isTest(method)))
                .map(JavaClass::getName))
        .as("rename them to …Test or …IT")
        .isEmpty();
  }

  private static boolean isTest(JavaMethod method) {
    return method.getAnnotations().stream()
        .map(each -> each.getRawType().getName())
        .anyMatch(
            each ->
                each.equals("org.junit.jupiter.params.ParameterizedTest")
                    || each.matches(
                        "org\\.junit\\.jupiter\\.api\\.(Test|RepeatedTest|TestFactory|TestTemplate)"));
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
   * below it of which the walk has seen an object being made. What such an object overrides of
   * classes of libraries, such as a {@code Runnable} or an extension of JUnit, is called by those.
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
          annotations(each)
              .flatMap(annotation -> annotation.getProperties().values().stream())
              .flatMap(
                  value ->
                      value instanceof Object[] several ? Stream.of(several) : Stream.of(value))
              .forEach(
                  value -> {
                    if (value instanceof JavaClass named && isOurs(named)) {
                      make(named, test.getName() + " -> @" + named.getName());
                      named
                          .getConstructors()
                          .forEach(
                              unit -> reach(unit, test.getName() + " -> " + unit.getFullName()));
                    }
                  });
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

    /** Of a class and of its members. */
    private static Stream<JavaAnnotation<?>> annotations(JavaClass type) {
      return Stream.of(
              List.of(type),
              type.getAllRawSuperclasses(),
              type.getMembers(),
              type.getAllRawInterfaces())
          .flatMap(Collection::stream)
          .flatMap(each -> ((HasAnnotations<?>) each).getAnnotations().stream());
    }

    private void make(JavaClass type, String way) {
      if (!made.add(type)) {
        return;
      }
      waiting.getOrDefault(type, Map.of()).forEach(this::reach);
      List<Method> calledByLibraries =
          hierarchy(type)
              .filter(each -> !isOurs(each) && !each.isEquivalentTo(Object.class))
              .flatMap(each -> methods(each))
              .toList();
      for (JavaClass each : hierarchy(type).filter(Walk::isOurs).toList()) {
        for (JavaMethod method : each.getMethods()) {
          if (calledByLibraries.stream().anyMatch(called -> overrides(method, called))) {
            reach(method, way + " -> " + method.getFullName());
          }
        }
      }
    }

    private static boolean isOurs(JavaClass type) {
      return classes.contain(type.getName());
    }

    /** Of a library that these tests know; what they do not know is not loaded by others either. */
    private static Stream<Method> methods(JavaClass library) {
      try {
        Class<?> type = Class.forName(library.getName(), false, Walk.class.getClassLoader());
        return Stream.of(type.getDeclaredMethods())
            .filter(each -> !Modifier.isStatic(each.getModifiers()));
      } catch (ClassNotFoundException | LinkageError e) {
        return Stream.of();
      }
    }

    private static boolean overrides(JavaMethod method, Method called) {
      return method.getName().equals(called.getName())
          && names(method)
              .equals(Stream.of(called.getParameterTypes()).map(Class::getName).toList());
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
        make(owner, way);
        find(owner, called).ifPresent(unit -> reach(unit, way + " -> " + unit.getFullName()));
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
