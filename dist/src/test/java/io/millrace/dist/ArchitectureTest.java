package io.millrace.dist;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.millrace.api.TaskContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keeps the arrows between the modules, which docs/architecture.md draws. */
class ArchitectureTest {

  private static final List<String> MODULES =
      List.of(
          "api",
          "engine/core",
          "plugins/jdbc",
          "plugins/files",
          "plugins/mysql",
          "plugins/stream",
          "plugins/hubs",
          "plugins/loghub",
          "plugins/datahub",
          "plugins/kafka",
          "scheduler/core",
          "scheduler/server",
          "dist");

  private static JavaClasses classes;

  @BeforeAll
  static void readEveryModule() {
    List<Path> paths = new ArrayList<>();
    for (String module : MODULES) {
      Path path = Path.of("..").resolve(module).resolve("target/classes");
      assertThat(path).isDirectory();
      paths.add(path);
    }
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPaths(paths);
  }

  @Test
  void theApiNeedsOnlyTheJdkSlf4jAndJspecify() {
    classes()
        .that()
        .resideInAPackage("io.millrace.api..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.millrace.api..", "java..", "org.slf4j..", "org.jspecify..")
        .check(classes);
  }

  @Test
  void connectorsKnowNothingOfTheEngineOrTheCommandLine() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.millrace.files..",
            "io.millrace.mysql..",
            "io.millrace.jdbc..",
            "io.millrace.stream..",
            "io.millrace.hubs..",
            "io.millrace.loghub..",
            "io.millrace.datahub..",
            "io.millrace.kafka..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.millrace.engine..",
            "io.millrace.scheduler..",
            "io.millrace.server..",
            "io.millrace.dist..",
            "org.pf4j..",
            "com.fasterxml.jackson.databind..")
        .check(classes);
  }

  /** They ask which files are in reach; whoever opens a file elsewhere has not asked. */
  @Test
  void onlyAFewClassesOfConnectorsDealWithLocalFiles() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.millrace.files..",
            "io.millrace.mysql..",
            "io.millrace.jdbc..",
            "io.millrace.stream..",
            "io.millrace.hubs..",
            "io.millrace.loghub..",
            "io.millrace.datahub..",
            "io.millrace.kafka..")
        .and()
        .haveNameNotMatching(
            "io\\.millrace\\.(files\\.FilesConnector.*|files\\.store\\.Local.*"
                + "|kafka\\.connect\\.ClientConfig|mysql\\.connect\\.MySqlUrl)")
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.nio\\.file\\.(Path|Paths|Files)"
                + "|java\\.io\\.(File|FileReader|FileWriter|FileInputStream|FileOutputStream"
                + "|RandomAccessFile)")
        .check(classes);
  }

  /** One that is made elsewhere would have every file in reach. */
  @Test
  void onlyOneClassOfTheEngineMakesTheContextOfATask() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.millrace.engine.attempt.Contexts")
        .and()
        .doNotHaveFullyQualifiedName("io.millrace.api.TaskContext")
        .should()
        .callConstructorWhere(target(owner(type(TaskContext.class))))
        .check(classes);
  }

  @Test
  void onlyTheKafkaConnectorBringsAJsonParserOfItsOwn() {
    noClasses()
        .that()
        .resideInAnyPackage("io.millrace.mysql..", "io.millrace.jdbc..", "io.millrace.stream..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.fasterxml.jackson..")
        .check(classes);
  }

  @Test
  void onlyTheKafkaConnectorKnowsKafka() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.millrace.kafka..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka..")
        .check(classes);
  }

  @Test
  void onlyOnePackageOfEachHubKnowsHowToTalkToIt() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.millrace.loghub.connect..", "io.millrace.datahub.connect..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "com.aliyun.openservices.log",
            "com.aliyun.openservices.log.http..",
            "com.aliyun.datahub.client",
            "com.aliyun.datahub.client.http..",
            "okhttp3..",
            "retrofit2..",
            "org.apache.hc..")
        .check(classes);
  }

  @Test
  void theEngineKnowsNothingOfConnectorsSchedulesOrPages() {
    noClasses()
        .that()
        .resideInAPackage("io.millrace.engine..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.millrace.files..",
            "io.millrace.mysql..",
            "io.millrace.jdbc..",
            "io.millrace.stream..",
            "io.millrace.hubs..",
            "io.millrace.loghub..",
            "io.millrace.datahub..",
            "io.millrace.kafka..",
            "io.millrace.dist..",
            "io.millrace.scheduler..",
            "io.millrace.server..",
            "org.quartz..",
            "org.jdbi..",
            "org.flywaydb..",
            "com.zaxxer..",
            "io.javalin..",
            "org.eclipse.jetty..",
            "jakarta.servlet..",
            "java.sql..")
        .check(classes);
  }

  @Test
  void theSchedulerKnowsNothingOfHttpOrTheCommandLine() {
    noClasses()
        .that()
        .resideInAPackage("io.millrace.scheduler..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.millrace.server..", "io.millrace.dist..")
        .check(classes);
  }

  @Test
  void theServerKnowsNothingOfTheCommandLine() {
    noClasses()
        .that()
        .resideInAPackage("io.millrace.server..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.millrace.dist..")
        .check(classes);
  }

  @Test
  void onlyOnePackageKnowsQuartz() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.millrace.scheduler.quartz..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.quartz..")
        .check(classes);
  }

  @Test
  void onlyTheServerTalksHttp() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.millrace.server..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..", "io.micrometer..")
        .check(classes);
  }

  @Test
  void noCommandButTheServerNeedsItsLibraries() {
    noClasses()
        .that()
        .resideInAPackage("io.millrace.dist..")
        .and()
        .resideOutsideOfPackage("io.millrace.dist.server..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.millrace.scheduler..", "io.millrace.server..")
        .check(classes);
  }

  @Test
  void theClientKnowsOnlyWhatAServerAnswers() {
    noClasses()
        .that()
        .resideInAPackage("io.millrace.dist.client..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.millrace.engine..",
            "io.millrace.dist.cli..",
            "io.millrace.dist.server..",
            "io.millrace.dist.demo..")
        .check(classes);
  }

  @Test
  void onlyTheConnectorPackageTalksToPf4j() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.millrace.engine.connector..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.pf4j..")
        .check(classes);
  }

  @Test
  void thePackagesOfTheApiAndTheEngineHaveNoCycles() {
    slices().matching("io.millrace.engine.(*)..").should().beFreeOfCycles().check(classes);
  }

  @Test
  void nobodyAsksDriverManagerForAConnection() {
    // It does not see the drivers of other class loaders, and keeps them from being unloaded.
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.sql.DriverManager")
        .check(classes);
  }

  @Test
  void everyPackageSaysWhatLivesThere() throws IOException {
    for (String module : MODULES) {
      Path source = Path.of("..").resolve(module).resolve("src/main/java");
      try (Stream<Path> files = Files.walk(source)) {
        List<Path> bare =
            files
                .filter(file -> file.toString().endsWith(".java"))
                .map(Path::getParent)
                .distinct()
                .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
                .toList();
        assertThat(bare).isEmpty();
      }
    }
  }
}
