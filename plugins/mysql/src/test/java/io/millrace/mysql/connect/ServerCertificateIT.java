package io.millrace.mysql.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.api.LocalFiles;
import io.millrace.api.ServerCertificates;
import io.millrace.api.error.ErrorKind;
import io.millrace.api.error.MillraceException;
import io.millrace.jdbc.JdbcEndpoint;
import io.millrace.testkit.context.TestCancellation;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stored data source's password goes to the server that it went to before, and to no other. */
final class ServerCertificateIT {

  /** This machine by a name that does not tell so. */
  private static final String ELSEWHERE = "0.0.0.0";

  private static final String ANY = "?sslMode=PREFERRED";

  private final TestServer server = TestServers.mysql();
  private final KeptCertificates certificates = new KeptCertificates();
  private final List<String> warnings = new ArrayList<>();
  private TlsFront front;

  @BeforeEach
  void setUp() throws Exception {
    front = new TlsFront(server.host(), server.port(), "first");
  }

  @AfterEach
  void tearDown() throws Exception {
    front.close();
  }

  private static String fingerprint(String keys) throws Exception {
    return ServerCertificates.fingerprint(TlsFront.certificate(keys));
  }

  private String name() {
    return "127.0.0.1:" + front.port();
  }

  private MySqlConnections connections(ServerCertificates kept, String host, String parameters) {
    return connections(kept, host, front.port(), parameters);
  }

  private MySqlConnections connections(
      ServerCertificates kept, String host, int port, String parameters) {
    return new MySqlConnections(
        new JdbcEndpoint(
            List.of("jdbc:mysql://" + host + ":" + port + "/" + parameters),
            server.user(),
            server.password()),
        new ServerTrust(kept, warnings::add),
        SessionSettings.of(ZoneOffset.UTC, List.of(), 0),
        LocalFiles.ANYWHERE,
        Clock.systemUTC(),
        warnings::add);
  }

  private void connect(String parameters) {
    connect(connections(certificates, "127.0.0.1", parameters));
  }

  private static void connect(MySqlConnections connections) {
    connections.open(new TestCancellation()).close();
  }

  private MillraceException refusal(String host, String parameters) {
    MillraceException e =
        catchThrowableOfType(
            MillraceException.class, () -> connect(connections(certificates, host, parameters)));
    assertThat(e.errorCode().kind()).as(e.getMessage()).isEqualTo(ErrorKind.USER);
    return e;
  }

  @ParameterizedTest
  @ValueSource(strings = {ANY, "?sslMode=required", "?useSSL=true", "?useSSL=true&requireSSL=true"})
  void theFirstCertificateIsKeptAndVerifiedEverAfter(String parameters) throws Exception {
    connect(parameters);
    assertThat(certificates.kept()).containsOnly(Map.entry(name(), fingerprint("first")));
    connect(parameters);
    assertThat(front.logins()).contains(server.user());
    assertThat(warnings).isEmpty();
  }

  /** The attack: he reads the login, and all that follows, though the data source is encrypted. */
  @ParameterizedTest
  @ValueSource(strings = {"", ANY, "?sslMode=REQUIRED", "?useSSL=true", "?requireSSL=true"})
  void aManInTheMiddleWithACertificateOfHisOwnIsSentNothing(String parameters) throws Exception {
    certificates.kept().put(name(), fingerprint("first"));
    front.show("second");

    MillraceException e = refusal("127.0.0.1", parameters);

    assertThat(e)
        .hasMessageContaining(fingerprint("first"))
        .hasMessageContaining(fingerprint("second"));
    assertThat(front.logins()).isEmpty();
    assertThat(certificates.kept()).containsOnly(Map.entry(name(), fingerprint("first")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ANY, "?sslMode=REQUIRED", "?sslMode=DISABLED", "?useSSL=false"})
  void aManInTheMiddleWhoDoesNotEncryptIsSentNothing(String parameters) throws Exception {
    certificates.kept().put(name(), fingerprint("first"));
    front.show(null);

    assertThat(refusal("127.0.0.1", parameters)).hasMessageContaining("does not encrypt");

    assertThat(front.logins()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?sslMode=VERIFY_CA", "?sslMode=VERIFY_IDENTITY"})
  void anAuthorityThatIsNotKnownIsToldWithItsCure(String parameters) {
    assertThat(refusal("127.0.0.1", parameters))
        .hasMessageContaining("an authority that is not known here")
        .hasMessageContaining("trustCertificateKeyStoreUrl");
    assertThat(front.logins()).isEmpty();
  }

  @Test
  void aCertificateIsNotKeptWhereTheLoginFails() throws Exception {
    MySqlConnections wrong =
        new MySqlConnections(
            new JdbcEndpoint(
                List.of("jdbc:mysql://" + name() + "/" + ANY), server.user(), "wrong-password"),
            new ServerTrust(certificates, warnings::add),
            SessionSettings.of(ZoneOffset.UTC, List.of(), 0),
            LocalFiles.ANYWHERE,
            Clock.systemUTC(),
            warnings::add);

    assertThat(catchThrowableOfType(MillraceException.class, () -> connect(wrong)))
        .hasMessageContaining("(error 1045)");

    assertThat(certificates.kept()).isEmpty();
  }

  @Test
  void aClearPasswordIsNotSentToAServerThatNothingVerifies() {
    front.want("mysql_clear_password");

    assertThat(refusal(ELSEWHERE, ANY)).hasMessageContaining("in clear");

    assertThat(front.logins()).doesNotContain(server.password());
  }

  @Test
  void aClearPasswordIsSentToTheServerWhoseCertificateIsKept() throws Exception {
    front.want("mysql_clear_password");
    certificates.kept().put(ELSEWHERE + ":" + front.port(), fingerprint("first"));

    catchThrowableOfType(
        MillraceException.class, () -> connect(connections(certificates, ELSEWHERE, ANY)));

    assertThat(front.logins()).contains(server.password());
  }

  /** A man in the middle sends a key of his own, and reads the password. */
  @ParameterizedTest
  @ValueSource(strings = {"?sslMode=DISABLED", "?useSSL=false"})
  void aPasswordIsNotSentUnderTheServersOwnKey(String parameters) {
    front.show(null);
    front.want("caching_sha2_password");

    assertThat(refusal(ELSEWHERE, parameters + "&allowPublicKeyRetrieval=true"))
        .hasMessageContaining("under a key that it sends itself");

    assertThat(front.logins()).doesNotEndWith("\u0002");
  }

  /** The driver itself goes on to the next host when the first one is lost. */
  @Test
  void anotherHostGetsNothingLaterEither() throws Exception {
    try (TlsFront evil = new TlsFront(server.host(), server.port(), "second")) {
      certificates.kept().put("127.0.0.1:" + evil.port(), fingerprint("first"));
      MySqlConnection open =
          connections(certificates, name() + ",127.0.0.1", evil.port(), ANY)
              .open(new TestCancellation());
      long id = open.server().connectionId();
      server.execute("", "KILL " + id);
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> open.execute("DO 1")).isInstanceOf(SQLException.class);
      }
      open.abort();
      assertThat(evil.logins()).isEmpty();
    }
  }

  @Test
  void aDocumentWithItsOwnPasswordKeepsTheDefaultAndIsToldOnce() throws Exception {
    MySqlConnections connections = connections(ServerCertificates.NONE, ELSEWHERE, ANY);
    connect(connections);
    front.show("second");
    connect(connections);
    assertThat(warnings).singleElement().asString().contains("sslMode=VERIFY_IDENTITY");
  }

  @Test
  void loopbackStaysAsItIs() {
    front.show(null);
    connect("");
    assertThat(certificates.kept()).isEmpty();
    assertThat(warnings).isEmpty();
  }
}
