package io.millrace.scheduler.datasource;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.ServerCertificates;
import io.millrace.api.error.ErrorKind;
import io.millrace.api.error.MillraceException;
import io.millrace.api.option.ConfigOption;
import io.millrace.engine.task.Declarations;
import io.millrace.engine.task.OptionRules;
import io.millrace.engine.task.ReadSettings;
import io.millrace.engine.task.TaskFiles;
import io.millrace.engine.task.TaskSpec;
import io.millrace.scheduler.audit.AuditEntry;
import io.millrace.scheduler.audit.AuditFilter;
import io.millrace.scheduler.audit.Page;
import io.millrace.scheduler.dispatch.Nodes;
import io.millrace.scheduler.dispatch.Peers;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.StoreSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What data sources in the store promise, on whichever database. */
abstract class DataSourceStoreCases {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-22T20:00:00Z"), ZoneOffset.UTC);

  /** A connector, as it declares itself; others are not here. */
  private static final Declarations DECLARED =
      type ->
          type.equals("mysql")
              ? OptionRules.of(
                  List.of(
                      ConfigOption.strings("jdbcUrl", "d")
                          .withAliases("url")
                          .asUrl(List.of("useSSL"))
                          .directsSecrets(),
                      ConfigOption.string("host", "d").directsSecrets(),
                      ConfigOption.string("username", "d"),
                      ConfigOption.string("password", "d").asSecret(),
                      ConfigOption.integer("fetchSize", 1, 9, "d"),
                      ConfigOption.string("a", "d"),
                      ConfigOption.string("jaas", "d").asSecret().directsSecrets(),
                      ConfigOption.json("config", "d")
                          .withContent(
                              List.of(
                                  ConfigOption.string("timeout", "d"),
                                  ConfigOption.string("protocol", "d").directsSecrets()))))
              : OptionRules.UNKNOWN;

  private static final String URL = "jdbc:mysql://h:3306/shop?useSSL=true&password=url-secret";
  private static final String SHOWN = "jdbc:mysql://h:3306/shop?useSSL=true&password=***";

  @TempDir Path directory;
  private Database database;
  private DataSourceStore store;

  /** An empty database. */
  abstract StoreSettings settings() throws Exception;

  @BeforeEach
  void setUp() throws Exception {
    database = Database.open(settings());
    store = reopened();
  }

  @AfterEach
  void tearDown() {
    database.close();
  }

  private DataSourceStore reopened() {
    return new DataSourceStore(database, KeyFile.open(directory.resolve("key")), DECLARED, CLOCK);
  }

  private static Map<String, Object> options(Object... pairs) {
    Map<String, Object> options = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      options.put((String) pairs[i], pairs[i + 1]);
    }
    return options;
  }

  private static NewDataSource shop(Object... options) {
    return new NewDataSource("shop", "mysql", options(options), "the shop", "ann");
  }

  private DataSourceView created() {
    return store.create(
        shop(
            "jdbcUrl",
            List.of(URL),
            "username",
            "reader",
            "password",
            "hunter2",
            "pin_token",
            123456,
            "fetchSize",
            3,
            "properties",
            options("sasl", options("secret", List.of("nested-one")))),
        "ann",
        "first");
  }

  private String everyColumn() {
    StringBuilder all = new StringBuilder();
    database.useTransaction(
        handle -> {
          for (String table : List.of("data_source", "data_source_secret", "audit")) {
            all.append(handle.createQuery("SELECT * FROM " + table).mapToMap().list());
          }
        });
    return all.toString();
  }

  @Test
  void secretsAreNeverShownAndNeverKeptReadable() {
    DataSourceView view = created();

    assertThat(view.options())
        .isEqualTo(
            options(
                "jdbcUrl",
                List.of(SHOWN),
                "username",
                "reader",
                "password",
                "***",
                "pin_token",
                "***",
                "fetchSize",
                3,
                "properties",
                options("sasl", options("secret", List.of("***")))));
    assertThat(store.view("shop")).contains(view);
    assertThat(store.list("", 0, 10).items()).containsExactly(view);
    assertThat(everyColumn())
        .doesNotContain("hunter2", "url-secret", "123456", "nested-one")
        .contains("reader");
  }

  @Test
  void aTaskGetsTheSecretsAndHidesThem() {
    created();

    TaskSpec task =
        TaskFiles.read(
            "t",
            "reader: {mysql: {datasource: shop, table: orders}}\nwriter: {stream: }",
            ReadSettings.defaults().withDataSources(reopened()));

    assertThat(task.reader().options())
        .isEqualTo(
            options(
                "jdbcUrl",
                List.of(URL),
                "username",
                "reader",
                "password",
                "hunter2",
                "pin_token",
                123456,
                "fetchSize",
                3,
                "properties",
                options("sasl", options("secret", List.of("nested-one"))),
                "table",
                "orders"));
    assertThat(task.secrets().redact("hunter2 123456 nested-one url-secret orders"))
        .isEqualTo("*** *** *** *** orders");
  }

  @Test
  void anUpdateKeepsASecretThatIsSentBackMasked() {
    DataSourceView view = created();
    Map<String, Object> changed = new LinkedHashMap<>(view.options());
    changed.put("fetchSize", 9);

    DataSourceView after =
        store.update(
            new NewDataSource("shop", "mysql", changed, "the shop", "ann"), 1, "bob", "faster");

    assertThat(after.revision()).isEqualTo(2);
    assertThat(store.find("shop").orElseThrow())
        .containsEntry("password", "hunter2")
        .containsEntry("jdbcUrl", List.of(URL))
        .containsEntry("fetchSize", 9);
    assertThat(lastAudit().detail()).isEqualTo("changed: fetchSize");
  }

  @Test
  void aSecretIsReplacedWhenANewOneIsSent() {
    Map<String, Object> changed = new LinkedHashMap<>(created().options());
    changed.put("password", "new-one");

    store.update(new NewDataSource("shop", "mysql", changed, "", "ann"), 1, "bob", "");

    assertThat(store.find("shop").orElseThrow()).containsEntry("password", "new-one");
    assertThat(lastAudit().detail()).isEqualTo("changed: description, password");
    assertThat(everyColumn()).doesNotContain("new-one");
  }

  @Test
  void aMaskWithoutASecretBehindItIsRefused() {
    assertThatThrownBy(() -> store.create(shop("password", "***"), "ann", ""))
        .hasMessage(
            "data source 'shop': password is ***, but there is no secret to keep: give its value");
    created();
    assertThatThrownBy(
            () -> store.update(shop("jdbcUrl", List.of(SHOWN.replace("h:", "evil:"))), 1, "b", ""))
        .hasMessage(
            "data source 'shop': jdbcUrl.0 was changed and holds ***: give the secret in it again");
  }

  @Test
  void aMaskWithSomethingAroundItIsNoSecret() {
    created();
    for (String mask : List.of("x***", "***x", " ***", "***\n", "******", "a***b")) {
      assertThatThrownBy(() -> store.update(shop("password", mask), 1, "bob", ""))
          .hasMessage(
              "data source 'shop': password holds ***, which stands for a secret that is not shown:"
                  + " give the whole secret, without ***");
      for (Map<String, Object> nested :
          List.of(
              options("config", options("sk", mask)),
              options("config", options("more", List.of(mask))),
              options("notDeclared", mask))) {
        assertThatThrownBy(
                () -> store.create(new NewDataSource("new", "mysql", nested, "", "ann"), "ann", ""))
            .as("%s", nested)
            .hasMessageContaining("holds ***");
      }
    }
    assertThat(store.find("shop").orElseThrow()).containsEntry("password", "hunter2");
  }

  /** Each of these was kept and shown in clear when names alone said what is a secret. */
  @Test
  void whatIsNotDeclaredOpenIsEncrypted() {
    Map<String, Object> config = options("timeout", 3);
    for (String key : List.of("ssl.keystore.key", "basic.auth.user.info", "sk", "x.y")) {
      config.put(key, "in clear " + key);
    }
    for (String type : List.of("mysql", "not.here")) {
      store.create(
          new NewDataSource(
              type,
              type,
              options("config", config, "headers", options("Authorization", "in clear too")),
              "",
              "ann"),
          "ann",
          "");
    }

    assertThat(everyColumn()).doesNotContain("in clear").contains("\"timeout\":3");
    assertThat(store.view("not.here").orElseThrow().options().get("config"))
        .asString()
        .doesNotContain("in clear");
    assertThat(store.find("mysql").orElseThrow()).containsEntry("config", config);
  }

  @Test
  void aSecretIsNotKeptWhereItWouldGoSomewhereElse() {
    Map<String, Object> given =
        options(
            "host", "db", "password", "hunter2", "jaas", "j", "config", options("protocol", "SSL"));
    store.create(new NewDataSource("s", "mysql", given, "", "ann"), "ann", "");
    Map<String, Object> view = store.view("s").orElseThrow().options();

    for (Map<String, Object> change :
        List.of(
            options("host", "evil"),
            options("HOST", "evil"),
            options("ho\u017ft", "evil"),
            options("jdbcUrl", List.of("jdbc:mysql://evil/d")),
            options("url", "jdbc:mysql://evil/d"),
            options("jaas", "another"),
            options("config", options("protocol", "PLAINTEXT")),
            options("config", options()),
            options("config", options("protocol", "SSL", "unknown", "x")))) {
      Map<String, Object> changed = new LinkedHashMap<>(view);
      changed.putAll(change);
      assertThatThrownBy(
              () -> store.update(new NewDataSource("s", "mysql", changed, "", "a"), 1, "b", ""))
          .as("%s", change)
          .hasMessageStartingWith("data source 's' changes '")
          .hasMessageEndingWith(
              "which decides where its secrets go: give every secret again, 'password' among them,"
                  + " instead of ***");
    }
    assertThatThrownBy(
            () -> store.update(new NewDataSource("s", "other", view, "", "a"), 1, "b", ""))
        .hasMessageContaining("changes 'type'");
    Map<String, Object> moved = new LinkedHashMap<>(given);
    moved.put("host", "db2");
    moved.put("password", "hunter3");
    store.update(new NewDataSource("s", "mysql", moved, "", "a"), 1, "b", "");
    assertThat(store.find("s").orElseThrow()).containsEntry("host", "db2");
  }

  @Test
  void aUrlIsNotComparedByWhatIsShownOfIt() {
    Map<String, Object> given =
        options("jdbcUrl", List.of("jdbc:x://u:pw@db/d"), "password", "hunter2");
    store.create(new NewDataSource("s", "mysql", given, "", "ann"), "ann", "");
    // Shown, both are jdbc:x://u:***@db/d; a driver may take evil for the host.
    Map<String, Object> changed =
        options("jdbcUrl", List.of("jdbc:x://u:pw@evil/d@db/d"), "password", "***");

    assertThatThrownBy(
            () -> store.update(new NewDataSource("s", "mysql", changed, "", "a"), 1, "b", ""))
        .hasMessageContaining("changes 'jdbcUrl[0]'");
  }

  @Test
  void whatWasKeptReadableIsEncryptedAtTheNextStart() {
    Map<String, Object> secret =
        options("config", options("timeout", 3, "sk", "in-clear-1"), "password", "hunter2");
    store.create(new NewDataSource("s", "mysql", secret, "", "ann"), "ann", "first");
    database.useTransaction(
        handle -> {
          handle.execute("DELETE FROM data_source_secret WHERE path LIKE '/config%'");
          handle.execute(
              "UPDATE data_source SET options ="
                  + " '{\"config\":{\"timeout\":3,\"sk\":\"in-clear-1\"},\"password\":\"***\",\"x\":\"***\"}'");
          handle.execute("UPDATE audit SET detail = '{\"sk\":\"in-clear-1\"}'");
        });
    assertThat(everyColumn()).contains("in-clear-1");

    DataSourceStore next = reopened();

    assertThat(everyColumn()).doesNotContain("in-clear-1", "hunter2");
    assertThat(next.view("s").orElseThrow().options())
        .isEqualTo(
            options("config", options("timeout", 3, "sk", "***"), "password", "***", "x", "***"));
    assertThat(next.find("s").orElseThrow()).containsAllEntriesOf(secret);
    assertThat(next.view("s").orElseThrow().revision()).isEqualTo(1);
    assertThat(lastAudit().action()).isEqualTo("datasource.seal");
    assertThat(lastAudit().detail()).isEqualTo("/config/sk");
    reopened();
    long entries = database.with(handle -> count(handle, AuditFilter.ALL));
    assertThat(entries).isEqualTo(2);
  }

  @Test
  void referencesToThisMachineAreRefused() {
    assertThatThrownBy(
            () -> store.create(shop("username", options("file", "/etc/passwd")), "ann", ""))
        .hasMessageContaining("username refers to what is outside of the store");
  }

  @Test
  void whoLookedAtAnOlderRevisionIsRefused() {
    created();
    store.update(shop("a", 1), 1, "bob", "");

    assertThatThrownBy(() -> store.update(shop("a", 2), 1, "ann", ""))
        .isInstanceOf(MillraceException.class)
        .hasMessage(
            "data source 'shop' was changed meanwhile: it has revision 2, not 1; look at it"
                + " again");
  }

  @Test
  void namesAreUniqueAndSound() {
    created();

    assertThatThrownBy(() -> store.create(shop("a", 1), "ann", ""))
        .hasMessage("data source 'shop' exists already: take another name, or update it");
    for (String name : List.of("", "../x", "a/b", ".x", "a\nb", "x".repeat(101), "'; drop")) {
      assertThatThrownBy(
              () -> store.create(new NewDataSource(name, "mysql", Map.of(), "", "a"), "ann", ""))
          .hasMessageContaining("the name of a data source must be made of");
    }
    assertThatThrownBy(
            () -> store.update(new NewDataSource("none", "mysql", Map.of(), "", "a"), 1, "ann", ""))
        .hasMessage("data source 'none' does not exist");
  }

  @Test
  void renamingKeepsTheSecrets() {
    created();

    assertThatThrownBy(() -> store.rename("shop", "store", 1, name -> true, "bob", ""))
        .hasMessageContaining("is used by a published task and cannot be renamed");
    assertThat(store.rename("shop", "store", 1, name -> false, "bob", "").name())
        .isEqualTo("store");
    assertThat(store.find("shop")).isEmpty();
    assertThat(reopened().find("store").orElseThrow()).containsEntry("password", "hunter2");
  }

  @Test
  void deletingIsRefusedWhileAPublishedTaskUsesIt() {
    created();

    assertThatThrownBy(() -> store.delete("shop", 1, "shop"::equals, "bob", ""))
        .hasMessageContaining("is used by a published task and cannot be deleted");
    store.delete("shop", 1, name -> false, "bob", "");
    assertThat(store.view("shop")).isEmpty();
  }

  /** As {@code openssl x509 -noout -fingerprint -sha256} prints them. */
  private static final String FIRST =
      "6D:55:98:83:F7:DF:6E:7C:80:BB:70:94:C7:AC:F2:5A:"
          + "BE:6F:79:01:16:94:9B:5A:38:1D:43:07:02:5D:3F:10";

  private static final String SECOND =
      "F8:6B:1A:4E:DD:B9:DC:9B:19:84:80:CA:50:D5:6C:DA:"
          + "2F:5C:C4:42:E4:AB:3D:E5:55:47:97:E1:25:1A:A5:ED";

  private static final String SERVER = "h:3306";

  private static X509Certificate certificate(String name) {
    try (InputStream in = DataSourceStoreCases.class.getResourceAsStream(name + ".pem")) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (IOException | CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  private void pinned() {
    created();
    store.certificates("shop").keep(SERVER, certificate("first"));
  }

  private List<String> kept() {
    return store.view("shop").orElseThrow().certificates().stream()
        .map(each -> each.server() + " " + each.fingerprint())
        .toList();
  }

  @Test
  void theFirstCertificateOfAServerIsKeptForEveryAttempt() {
    created();
    ServerCertificates run = store.certificates("shop");
    assertThat(run.areKept()).isTrue();
    assertThat(run.isKept(SERVER)).isFalse();
    run.check(SERVER, certificate("first"));
    assertThat(kept()).as("before the login").isEmpty();

    run.keep(SERVER, certificate("first"));

    assertThat(kept()).containsExactly(SERVER + " " + FIRST);
    assertThat(store.list("", 0, 9).items().get(0).certificates()).hasSize(1);
    assertThat(lastAudit().action()).isEqualTo("datasource.certificate");
    assertThat(lastAudit().detail()).isEqualTo(SERVER + ": " + FIRST);
    ServerCertificates next = reopened().certificates("shop");
    assertThat(next.isKept(SERVER)).isTrue();
    assertThat(next.isKept("h:3307")).isFalse();
    next.check(SERVER, certificate("first"));
    next.keep(SERVER, certificate("first"));
    next.check("h:3307", certificate("second"));
  }

  @Test
  void anotherCertificateIsRefusedNamingBothFingerprints() {
    pinned();
    ServerCertificates run = store.certificates("shop");

    assertThatThrownBy(() -> run.check(SERVER, certificate("second")))
        .isInstanceOfSatisfying(
            MillraceException.class,
            e -> assertThat(e.errorCode().kind()).isEqualTo(ErrorKind.USER))
        .hasMessageContaining("SHA-256 " + SECOND + " instead of " + FIRST)
        .hasMessageContaining("millrace datasource accept-certificate 'shop' h:3306 " + SECOND);
    assertThatThrownBy(() -> run.keep(SERVER, certificate("second"))).hasMessageContaining(FIRST);
    assertThat(kept()).containsExactly(SERVER + " " + FIRST);
  }

  @Test
  void ofTwoRunsAtOnceTheFirstKeepsItsCertificate() {
    created();
    ServerCertificates one = store.certificates("shop");
    ServerCertificates other = store.certificates("shop");
    one.check(SERVER, certificate("first"));
    other.check(SERVER, certificate("second"));

    one.keep(SERVER, certificate("first"));

    assertThatThrownBy(() -> other.keep(SERVER, certificate("second")))
        .hasMessageContaining(SECOND + " instead of " + FIRST);
    assertThat(kept()).containsExactly(SERVER + " " + FIRST);
  }

  @Test
  void manyRunsAtOnceKeepOneCertificate() throws Exception {
    created();
    Queue<String> refused = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      String shown = i % 2 == 0 ? "first" : "second";
      ServerCertificates run = store.certificates("shop");
      Thread thread =
          new Thread(
              () -> {
                try {
                  run.keep(SERVER, certificate(shown));
                } catch (MillraceException e) {
                  refused.add(shown);
                }
              });
      threads.add(thread);
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(kept()).hasSize(1);
    assertThat(refused).hasSize(8);
    String winner = kept().get(0).endsWith(FIRST) ? "first" : "second";
    assertThat(refused).doesNotContain(winner);
  }

  @Test
  void anAcceptedCertificateTakesThePlaceAndIsInTheAudit() {
    pinned();

    DataSourceView view =
        store.accept("shop", "H:3306", SECOND.toLowerCase(ROOT), "bob", "new key");

    assertThat(view.certificates()).extracting(KeptCertificate::fingerprint).containsOnly(SECOND);
    assertThat(lastAudit().who()).isEqualTo("bob");
    assertThat(lastAudit().action()).isEqualTo("datasource.certificate");
    assertThat(lastAudit().detail()).contains(SERVER, FIRST, SECOND);
    store.certificates("shop").check(SERVER, certificate("second"));
    assertThatThrownBy(() -> store.certificates("shop").check(SERVER, certificate("first")))
        .hasMessageContaining(FIRST + " instead of " + SECOND);
    assertThat(store.find("shop").orElseThrow()).containsEntry("password", "hunter2");
    assertThat(view.revision()).isEqualTo(1);
  }

  @Test
  void aCertificateCanBeAcceptedBeforeTheFirstLogin() {
    created();
    store.accept("shop", SERVER, SECOND, "bob", "");
    assertThat(lastAudit().detail()).contains("none was known");
    assertThatThrownBy(() -> store.certificates("shop").check(SERVER, certificate("first")))
        .hasMessageContaining(FIRST + " instead of " + SECOND);
  }

  @Test
  void onlyAServerAndAFingerprintAreAccepted() {
    pinned();
    for (String server : List.of("", "h", "h:", ":3306", "h:x", "h\n:1", "x".repeat(300) + ":1")) {
      assertThatThrownBy(() -> store.accept("shop", server, SECOND, "bob", ""))
          .hasMessageContaining("server must be host:port");
    }
    for (String no :
        List.of(
            "", "AA", SECOND + ":AA", SECOND.replace(":", ""), "*", "G0" + SECOND.substring(2))) {
      assertThatThrownBy(() -> store.accept("shop", SERVER, no, "bob", ""))
          .hasMessageContaining("fingerprint must be a SHA-256");
    }
    assertThatThrownBy(() -> store.accept("none", SERVER, SECOND, "bob", ""))
        .hasMessageContaining("does not exist");
    assertThat(kept()).containsExactly(SERVER + " " + FIRST);
  }

  @Test
  void certificatesAreForgottenWithTheAddressAndNotBefore() {
    pinned();
    store.update(
        shop("jdbcUrl", List.of(SHOWN), "username", "other", "password", "***"), 1, "bob", "");
    assertThat(kept()).hasSize(1);
    store.rename("shop", "store", 2, name -> false, "bob", "");
    store.rename("store", "shop", 3, name -> false, "bob", "");
    assertThat(kept()).hasSize(1);

    store.update(
        shop("jdbcUrl", List.of("jdbc:mysql://h:3306/shop"), "password", "given-again"),
        4,
        "bob",
        "");

    assertThat(kept()).isEmpty();
  }

  @Test
  void certificatesGoWithTheDataSource() {
    pinned();
    ServerCertificates late = store.certificates("shop");
    store.delete("shop", 1, name -> false, "bob", "");
    late.keep(SERVER, certificate("second"));
    created();
    assertThat(kept()).isEmpty();
    long left =
        database.with(
            handle ->
                handle
                    .createQuery("SELECT COUNT(*) FROM data_source_certificate")
                    .mapTo(Long.class)
                    .one());
    assertThat(left).isZero();
  }

  @Test
  void aStoreThatDoesNotAnswerFailsTheLogin() {
    created();
    ServerCertificates run = store.certificates("shop");
    database.close();
    assertThatThrownBy(() -> run.check(SERVER, certificate("first")))
        .isInstanceOfSatisfying(MillraceException.class, e -> assertThat(e.isRetryable()).isTrue())
        .hasMessageContaining("the store does not answer");
  }

  /** Names and the data source that a task reads from are what an end gets its certificates by. */
  @Test
  void eachEndOfATaskHasTheCertificatesOfItsOwnDataSource() {
    pinned();
    store.create(new NewDataSource("other", "mysql", options("host", "h"), "", "a"), "a", "");
    TaskSpec task =
        TaskFiles.read(
            "t",
            "reader: {mysql: {datasource: shop, table: a}}\n"
                + "writer: {mysql: {datasource: other, table: b}}\n",
            ReadSettings.defaults().withDataSources(store));
    assertThat(task.reader().certificates().isKept(SERVER)).isTrue();
    assertThat(task.writer().certificates().areKept()).isTrue();
    assertThat(task.writer().certificates().isKept(SERVER)).isFalse();
  }

  @Test
  void listsAreInPages() {
    for (String name : List.of("c", "a_2", "a_1", "ab")) {
      store.create(new NewDataSource(name, "mysql", Map.of(), "", "a"), "ann", "");
    }

    Page<DataSourceView> page = store.list("", 1, 2);

    assertThat(page.items()).extracting(DataSourceView::name).containsExactly("a_2", "ab");
    assertThat(page.total()).isEqualTo(4);
    assertThat(store.list("a_", 0, 10).items()).hasSize(2);
  }

  @Test
  void rotationEncryptsEverythingAnew() throws Exception {
    created();
    String before = Files.readString(directory.resolve("key"));

    assertThat(store.rotate("ann", "yearly")).isEqualTo(4);

    assertThat(Files.readString(directory.resolve("key"))).isNotEqualTo(before);
    assertThat(KeyFile.open(directory.resolve("key")).size()).isEqualTo(1);
    assertThat(reopened().find("shop").orElseThrow()).containsEntry("password", "hunter2");
  }

  @Test
  void afterARotationANodeJoinsWithTheNewKeyAtOnceAndWithTheOldOneNot() {
    created();
    Peers peers = new Peers(database);
    Nodes nodes = new Nodes(database.dialect(), Duration.ofSeconds(30));
    Set<String> old = new KeySignatures(KeyFile.open(directory.resolve("key"))).prints();
    for (String name : List.of("a", "b")) {
      peers.announce(name, "", old);
      database.useTransaction(handle -> nodes.register(handle, name));
    }

    store.rotate("ann", "yearly");

    Set<String> now = new KeySignatures(KeyFile.open(directory.resolve("key"))).prints();
    assertThat(peers.withOtherKeys("b", now)).isEmpty();
    assertThat(peers.withOtherKeys("b", old)).containsExactly("a");
  }

  @Test
  void aRotationThatWasKilledGoesOn() {
    created();
    KeyFile.open(directory.resolve("key")).addKey(); // killed after the new key was written
    assertThat(reopened().find("shop").orElseThrow()).containsEntry("password", "hunter2");
    store = reopened();
    store.encryptAnew("ann", ""); // killed before the old key was forgotten
    assertThat(reopened().find("shop").orElseThrow()).containsEntry("password", "hunter2");

    assertThat(reopened().rotate("ann", "")).isZero();

    assertThat(KeyFile.open(directory.resolve("key")).size()).isEqualTo(1);
    assertThat(reopened().find("shop").orElseThrow()).containsEntry("password", "hunter2");
  }

  @Test
  void aStoreWithoutItsKeyFileIsNotOpened() throws Exception {
    created();
    Files.delete(directory.resolve("key"));

    assertThatThrownBy(this::reopened)
        .hasMessageContaining("put the file back that was used with this store");
  }

  private AuditEntry lastAudit() {
    return database.with(
        handle -> store.audit().find(handle, AuditFilter.ALL, 0, 1).items().get(0));
  }

  @Test
  void noSecretGetsIntoTheAudit() {
    created();
    DataSourceStore otherNode = reopened();
    database.useTransaction(
        handle ->
            otherNode
                .audit()
                .record(
                    handle,
                    "ann hunter2",
                    "task.x hunter2",
                    "task/a hunter2",
                    "because hunter2 and " + "x".repeat(990) + "hunter2",
                    "{\"url\":\"" + URL + "\",\"p\":\"nested-one\"} mongodb://u:unknown@h/d"));

    assertThat(everyColumn())
        .doesNotContain("hunter2", "url-secret", "nested-one", "unknown", "hunt...");
    assertThat(lastAudit().subject()).isEqualTo("task/a ***");
    store.update(shop("password", "changed-one"), 1, "bob", "");
    database.useTransaction(
        handle -> otherNode.audit().record(handle, "a", "b", "c", "hunter2 changed-one", ""));
    assertThat(lastAudit().why())
        .as("the secrets of another node, and older ones")
        .isEqualTo("*** ***");
  }

  @Test
  void theAuditIsFilteredAndInPages() {
    created();
    store.update(shop("a", 1), 1, "bob", "why not");
    store.create(new NewDataSource("sho_", "mysql", Map.of(), "", "a"), "ann", "");

    database.useTransaction(
        handle -> {
          assertThat(store.audit().find(handle, AuditFilter.ALL, 1, 1).items())
              .extracting(AuditEntry::action)
              .containsExactly("datasource.update");
          assertThat(store.audit().find(handle, AuditFilter.ALL, 1, 1).total()).isEqualTo(3);
          assertThat(count(handle, AuditFilter.ALL.withWho("bob"))).isEqualTo(1);
          assertThat(count(handle, AuditFilter.ALL.withWho("bob' OR '1'='1"))).isZero();
          assertThat(count(handle, AuditFilter.ALL.withAction("datasource.create"))).isEqualTo(2);
          assertThat(count(handle, AuditFilter.ALL.withSubject("datasource/sho_"))).isEqualTo(1);
          assertThat(count(handle, AuditFilter.ALL.withSubject("datasource/"))).isEqualTo(3);
          Instant now = CLOCK.instant();
          assertThat(count(handle, AuditFilter.ALL.between(now, now.plusMillis(1)))).isEqualTo(3);
          assertThat(count(handle, AuditFilter.ALL.between(now.minusMillis(1), now))).isZero();
        });
  }

  private long count(Handle handle, AuditFilter filter) {
    return store.audit().find(handle, filter, 0, 10).total();
  }
}
