import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * Tells what the tests of a run came to, from the XML reports that Surefire and Failsafe leave,
 * from what Maven says it has failed to do, and, with {@code --times}, from the flight recordings
 * that the JVMs of the tests have made.
 *
 * <pre>java TestReport.java ROOT SINCE_MILLIS [--times]</pre>
 *
 * Ends with 1 when a test has failed, or the build.
 */
public final class TestReport {

  private static final int SLOWEST = 50;
  private static final int MESSAGE = 300;

  private final Path root;
  private final long since;

  private int tests;
  private final List<String> failures = new ArrayList<>();
  private final Set<String> notRun = new LinkedHashSet<>();
  private final Map<String, Integer> skipped = new TreeMap<>();
  private final Map<String, String> moduleOfClass = new HashMap<>();

  private TestReport(Path root, long since) {
    this.root = root;
    this.since = since;
  }

  public static void main(String[] arguments) throws Exception {
    TestReport report =
        new TestReport(
            Path.of(arguments[0]).toAbsolutePath().normalize(), Long.parseLong(arguments[1]));
    report.readResults();
    report.readLogs();
    if (arguments.length > 2 && arguments[2].equals("--times")) {
      report.printTimes();
    }
    report.printResults();
    System.exit(report.failures.isEmpty() ? 0 : 1);
  }

  // What failed, and what was skipped.

  private void readResults() throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    DocumentBuilder builder = factory.newDocumentBuilder();
    // Silent: what is wrong with a report stands in the exception.
    builder.setErrorHandler(null);
    for (Path file : find(path -> isNew(path) && REPORT.matcher(relative(path)).matches())) {
      try {
        readSuite(file, builder.parse(new InputSource(new StringReader(legal(file)))));
      } catch (SAXException e) {
        failures.add(relative(file) + ", which cannot be read: " + oneLine(e.getMessage()));
      }
    }
  }

  private static final Pattern REPORT =
      Pattern.compile("[^/]+(/[^/]+)?/target/(surefire|failsafe)-reports/TEST-[^/]*\\.xml");

  private void readSuite(Path file, Document document) {
    Element suite = document.getDocumentElement();
    String suiteName = suite.getAttribute("name");
    moduleOfClass.put(suiteName.replaceFirst("\\$.*", ""), module(file));
    NodeList cases = suite.getElementsByTagName("testcase");
    // This is all that is left of an assumption that fails before all tests.
    if (cases.getLength() == 0) {
      tests++;
      skipped.merge(
          "all of " + suiteName + ", which has given up before its tests", 1, Integer::sum);
    }
    for (int i = 0; i < cases.getLength(); i++) {
      Element test = (Element) cases.item(i);
      tests++;
      for (String kind : List.of("failure", "error")) {
        NodeList found = test.getElementsByTagName(kind);
        if (found.getLength() > 0) {
          failures.add(name(test) + ": " + what((Element) found.item(0)));
        }
      }
      NodeList left = test.getElementsByTagName("skipped");
      if (left.getLength() > 0) {
        skipped.merge(reason((Element) left.item(0)), 1, Integer::sum);
      }
    }
  }

  private static final Pattern REFERENCE = Pattern.compile("&#(x?)([0-9a-fA-F]+);");

  /** A report without the characters that XML has not, which Surefire takes over from messages. */
  private static String legal(Path file) throws IOException {
    String text =
        REFERENCE
            .matcher(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
            .replaceAll(
                found -> {
                  int radix = found.group(1).isEmpty() ? 10 : 16;
                  return isLegal(Integer.parseInt(found.group(2), radix)) ? found.group() : "?";
                });
    return text.codePoints()
        .map(point -> isLegal(point) ? point : '?')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isLegal(int point) {
    return point == '\t'
        || point == '\n'
        || point == '\r'
        || (point >= 0x20 && point <= 0xD7FF)
        || (point >= 0xE000 && point <= 0xFFFD)
        || (point >= 0x10000 && point <= 0x10FFFF);
  }

  /** The message; an exception that has none is told by its type. */
  private static String what(Element failure) {
    String message = failure.getAttribute("message");
    return oneLine(message.isBlank() ? failure.getAttribute("type") : message);
  }

  /** What fails before or after all tests of a class has no name of its own. */
  private static String name(Element test) {
    String name = test.getAttribute("name");
    return test.getAttribute("classname")
        + (name.isEmpty() ? ", before or after all its tests" : "." + name);
  }

  /** The message of an assumption stands in the text, that of {@code @Disabled} in an attribute. */
  private static String reason(Element skipped) {
    String message = skipped.getAttribute("message");
    String text =
        message.isEmpty() ? skipped.getTextContent().lines().findFirst().orElse("") : message;
    return oneLine(
        text.replaceFirst("^[\\w.]+: ", "")
            .replaceFirst("^(Assumption failed: |System property .* ==> )", ""));
  }

  private static final Pattern GOAL =
      Pattern.compile(
          "^\\[ERROR\\] Failed to execute goal [^ ]*?:([\\w-]+):[^: ]*:([\\w-]+)(?: \\([^)]*\\))?"
              + " on project ([^ :]+):? ?(.*)$");
  private static final Pattern NOT_RUN = Pattern.compile("^\\[INFO\\] (Millrace.*?) \\.+ SKIPPED$");
  private static final Pattern SAYS_NOTHING =
      Pattern.compile("^\\s*$|^(See |Command was |\\s+at |.*Exception: The forked VM).*");

  /** What has failed without a test that did: formatting, compiling, a JVM that is gone. */
  private void readLogs() throws IOException {
    boolean testsHaveFailed = !failures.isEmpty();
    for (Path log : logs()) {
      List<String> lines = lines(log);
      for (int i = 0; i < lines.size(); i++) {
        Matcher module = NOT_RUN.matcher(lines.get(i));
        if (module.matches()) {
          notRun.add(module.group(1));
        }
        Matcher goal = GOAL.matcher(lines.get(i));
        if (goal.matches()
            && !(testsHaveFailed && goal.group(4).startsWith("There are test failures"))) {
          String plugin = goal.group(1).replaceFirst("^maven-|-maven", "").replace("-plugin", "");
          failures.add(
              "%s: %s:%s: %s"
                  .formatted(goal.group(3), plugin, goal.group(2), message(lines, i, goal)));
        }
      }
    }
  }

  /** Of several lines, the last of which points to help. */
  private static String message(List<String> lines, int first, Matcher goal) {
    Set<String> parts = new LinkedHashSet<>(List.of(goal.group(4)));
    for (int i = first + 1; i < lines.size(); i++) {
      String before = lines.get(i - 1);
      String line = lines.get(i);
      if (before.contains("-> [Help") || !line.startsWith("[ERROR]")) {
        break;
      }
      String part = line.substring("[ERROR]".length());
      if (!SAYS_NOTHING.matcher(part.replaceFirst("^ ", "")).matches()) {
        parts.add(part.strip());
      }
    }
    return oneLine(String.join(" ", parts).replaceFirst("-> \\[Help.*", ""));
  }

  /** Of this run. */
  private List<Path> logs() {
    return find(path -> isNew(path) && relative(path).matches("target/maven-[^/]*\\.log"));
  }

  /** What tests print need not be text. */
  private static List<String> lines(Path log) throws IOException {
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
  }

  private static String oneLine(String text) {
    String line = text.replace("\0", "\\0").replaceAll("\\s+", " ").strip();
    return line.length() > MESSAGE ? line.substring(0, MESSAGE) + " …" : line;
  }

  private void printResults() {
    failures.forEach(failure -> System.out.println("  FAILED " + failure));
    if (!notRun.isEmpty()) {
      System.out.println("  Not run because of that: " + String.join(", ", notRun));
    }
    int skips = skipped.values().stream().mapToInt(Integer::intValue).sum();
    if (skips > 0) {
      System.out.println("  Skipped, by reason:");
      skipped.entrySet().stream()
          .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
          .forEach(each -> System.out.printf("  %4d  %s%n", each.getValue(), each.getKey()));
    }
    System.out.printf("  %d tests, %d failed, %d skipped%n", tests, failures.size(), skips);
  }

  // What took the time.

  /** What a test's own thread was doing. */
  private enum Spent {
    SERVER("server"),
    BUILD("build"),
    CLOCK("clock"),
    OTHERS("others");

    final String title;

    Spent(String title) {
      this.title = title;
    }
  }

  /** Nanoseconds of one class, or of all classes of a module. */
  private static final class Times {
    final String module;
    final String name;
    int runs;
    long whole;
    final long[] spent = new long[Spent.values().length];

    Times(String module, String name) {
      this.module = module;
      this.name = name;
    }

    long computing() {
      long rest = whole;
      for (long each : spent) {
        rest -= each;
      }
      return Math.max(0, rest);
    }

    void add(Times other) {
      runs += other.runs;
      whole += other.whole;
      for (int i = 0; i < spent.length; i++) {
        spent[i] += other.spent[i];
      }
    }

    String columns() {
      StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%8.1f", whole / 1e9));
      for (long each : spent) {
        line.append(String.format(Locale.ROOT, " %8.1f", each / 1e9));
      }
      return line.append(String.format(Locale.ROOT, " %8.1f", computing() / 1e9)).toString();
    }
  }

  private void printTimes() throws IOException {
    Map<String, Times> classes = new HashMap<>();
    for (Path recording :
        find(path -> isNew(path) && relative(path).matches("(.*/)?target/.*\\.jfr"))) {
      List<Times> ofOne;
      try {
        ofOne = read(recording);
      } catch (IOException e) {
        // Of a JVM that was killed. What it would have told is missing, the results are not.
        System.out.println("Left out " + relative(recording) + ": " + oneLine("" + e.getMessage()));
        continue;
      }
      for (Times one : ofOne) {
        classes
            .computeIfAbsent(one.module + " " + one.name, k -> new Times(one.module, one.name))
            .add(one);
      }
    }
    Map<String, Times> modules = new TreeMap<>();
    classes
        .values()
        .forEach(each -> modules.computeIfAbsent(each.module, k -> new Times(k, k)).add(each));
    Map<String, Double> maven = mavenSeconds();
    System.out.println();
    System.out.println(
        "Seconds by module. maven: what it took in all, tests included (JVMs side by side count"
            + " once);");
    System.out.println(
        "tests: the sum over its classes, of which server: starting servers and processes that"
            + " serve;");
    System.out.println(
        "build: compilers and builds within tests; clock: sleeping and polling; others: waiting"
            + " for");
    System.out.println("sockets, processes and threads; computing: the rest.");
    System.out.printf("%8s %s  module%n", "maven", header("tests"));
    modules.values().stream()
        .sorted(Comparator.comparingLong((Times each) -> each.whole).reversed())
        .forEach(
            each ->
                System.out.printf(
                    Locale.ROOT,
                    "%8.1f %s  %s%n",
                    maven.getOrDefault(each.module, 0.0),
                    each.columns(),
                    each.name));
    System.out.println();
    System.out.printf("The %d slowest classes, in seconds:%n%s  class%n", SLOWEST, header("all"));
    classes.values().stream()
        .sorted(Comparator.comparingLong((Times each) -> each.whole).reversed())
        .limit(SLOWEST)
        .forEach(each -> System.out.println(each.columns() + "  " + each.module + " " + each.name));
    System.out.println();
  }

  private static String header(String first) {
    StringBuilder line = new StringBuilder(String.format("%8s", first));
    for (Spent each : Spent.values()) {
      line.append(String.format(" %8s", each.title));
    }
    return line.append(String.format(" %9s", "computing").substring(0, 10)).toString();
  }

  /** A class under test: from when to when, on which thread. */
  private record Window(Times times, Instant start, Instant end, long thread) {}

  private static final Pattern CLASS_ID = Pattern.compile("\\[class:([^\\]]+)\\]$");

  private List<Times> read(Path recording) throws IOException {
    List<Window> windows = new ArrayList<>();
    List<RecordedEvent> waits = new ArrayList<>();
    try (RecordingFile file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        RecordedEvent event = file.readEvent();
        RecordedThread thread = event.getThread();
        if (thread == null) {
          continue;
        }
        String type = event.getEventType().getName();
        if (type.equals("org.junit.TestExecution")) {
          Matcher id = CLASS_ID.matcher(event.getString("uniqueId"));
          if (id.find()) {
            String name = id.group(1);
            Times times =
                new Times(moduleOfClass.getOrDefault(name.replaceFirst("\\$.*", ""), "?"), name);
            times.runs = 1;
            times.whole = event.getDuration().toNanos();
            windows.add(
                new Window(
                    times, event.getStartTime(), event.getEndTime(), thread.getJavaThreadId()));
          }
        } else if (type.startsWith("jdk.") && !type.equals("jdk.ActiveSetting")) {
          waits.add(event);
        }
      }
    }
    // A wait within a wait, such as a read within a sleep, does not occur on one thread.
    for (RecordedEvent wait : waits) {
      for (Window window : windows) {
        if (wait.getThread().getJavaThreadId() == window.thread()) {
          long overlap = overlap(wait, window);
          Spent spent = overlap > 0 ? spent(wait) : null;
          if (spent != null) {
            window.times().spent[spent.ordinal()] += overlap;
          }
        }
      }
    }
    return windows.stream().map(Window::times).toList();
  }

  private static long overlap(RecordedEvent event, Window window) {
    Instant start =
        event.getStartTime().isBefore(window.start()) ? window.start() : event.getStartTime();
    Instant end = event.getEndTime().isAfter(window.end()) ? window.end() : event.getEndTime();
    return Duration.between(start, end).toNanos();
  }

  /** Where a test's thread starts something that serves. */
  private static final Pattern SERVING =
      Pattern.compile("(Servers?|Cluster|Broker|Kafka|Buckets|SchedulerNode)$");

  private static final Pattern STARTING = Pattern.compile("(?i)(start|shared|own|await|launch).*");

  private static final Pattern BUILDING =
      Pattern.compile("^(com\\.sun\\.tools\\.|javax\\.tools\\.).*|.*ExampleConnectorIT$");

  /** Null for what is no waiting: a test that runs on another thread because of its time limit. */
  private static Spent spent(RecordedEvent wait) {
    RecordedStackTrace stack = wait.getStackTrace();
    boolean polling = wait.getEventType().getName().equals("jdk.ThreadSleep");
    if (stack == null) {
      return polling ? Spent.CLOCK : Spent.OTHERS;
    }
    for (RecordedFrame frame : stack.getFrames()) {
      String type = frame.getMethod().getType().getName();
      String simple = type.substring(type.lastIndexOf('.') + 1).replaceFirst("\\$.*", "");
      if (type.startsWith("org.junit.jupiter.engine.extension.SeparateThread")) {
        return null;
      }
      if (BUILDING.matcher(type).matches()) {
        return Spent.BUILD;
      }
      if (SERVING.matcher(simple).find()
          && STARTING.matcher(frame.getMethod().getName()).matches()) {
        return Spent.SERVER;
      }
      polling |= type.startsWith("org.awaitility.");
    }
    return polling ? Spent.CLOCK : Spent.OTHERS;
  }

  private static final Pattern REACTOR =
      Pattern.compile(
          "^\\[INFO\\] (Millrace .*?)(?: [0-9][\\w.-]*)? \\.+ (?:SUCCESS|FAILURE) \\[ *([0-9:.]+)"
              + " (s|min)\\]");
  private static final Pattern NAME = Pattern.compile("<name>(.*)</name>");

  /** What Maven's summaries say of each module, added up over its runs. */
  private Map<String, Double> mavenSeconds() throws IOException {
    Map<String, String> directories = new HashMap<>();
    for (Path pom : find(path -> path.endsWith("pom.xml") && !relative(path).contains("target/"))) {
      Matcher name = NAME.matcher(Files.readString(pom));
      if (name.find()) {
        directories.put(name.group(1), root.relativize(pom.getParent()).toString());
      }
    }
    Map<String, Double> seconds = new HashMap<>();
    for (Path log : logs()) {
      for (String line : lines(log)) {
        Matcher found = REACTOR.matcher(line);
        if (found.find() && directories.containsKey(found.group(1))) {
          seconds.merge(directories.get(found.group(1)), seconds(found.group(2)), Double::sum);
        }
      }
    }
    return seconds;
  }

  private static double seconds(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? Double.parseDouble(text)
        : 60 * Integer.parseInt(text.substring(0, colon))
            + Double.parseDouble(text.substring(colon + 1));
  }

  private String module(Path file) {
    String path = relative(file);
    return path.substring(0, path.indexOf("/target/"));
  }

  private String relative(Path file) {
    return root.relativize(file).toString();
  }

  private boolean isNew(Path file) {
    return file.toFile().lastModified() >= since;
  }

  private interface Wanted {
    boolean is(Path path);
  }

  private List<Path> find(Wanted wanted) {
    try (Stream<Path> files =
        Files.find(root, 7, (path, attributes) -> attributes.isRegularFile() && wanted.is(path))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
