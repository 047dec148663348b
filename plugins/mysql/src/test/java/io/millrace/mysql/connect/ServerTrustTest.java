package io.millrace.mysql.connect;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.ServerCertificates;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the driver refuses is told with its cause and its cure. */
final class ServerTrustTest {

  private static void refused(String parameters, Exception cause, String... says) {
    MySqlUrl url = MySqlUrl.parse("jdbc:mysql://db.example.com/d?" + parameters);
    SQLException error = new SQLException("Communications link failure", "08S01", cause);
    ServerTrust trust = new ServerTrust(ServerCertificates.NONE, warning -> {});
    assertThatThrownBy(
            () ->
                trust.connect(
                    url,
                    true,
                    () -> {
                      throw error;
                    }))
        .isInstanceOfSatisfying(
            MillraceException.class,
            e -> assertThat(e.errorCode()).isEqualTo(StandardError.ACCESS_DENIED))
        .satisfies(e -> List.of(says).forEach(text -> assertThat(e.getMessage()).contains(text)));
  }

  @Test
  void theKeyOfAServerWithoutTlsNamesTheOption() {
    refused(
        "useSSL=false",
        new SQLException("Public Key Retrieval is not allowed"),
        "allowPublicKeyRetrieval=true",
        "sslMode=REQUIRED");
  }

  @Test
  void anUnknownAuthorityNamesTheOption() {
    refused(
        "sslMode=VERIFY_CA",
        new CertPathBuilderException("unable to find valid certification path"),
        "authority",
        "trustCertificateKeyStoreUrl");
  }

  @Test
  void anotherNameThanTheCertificateHoldsIsTold() {
    refused(
        "sslMode=VERIFY_IDENTITY",
        new CertificateException("No name matching db.example.com found"),
        "not valid for this host",
        "VERIFY_CA");
  }

  @Test
  void aLoginMethodThatTheDriverDoesNotKnowIsNamed() {
    for (String method : List.of("client_ed25519", "parsec")) {
      refused(
          "useSSL=false",
          new SQLException("Unable to load authentication plugin '" + method + "'."),
          "'" + method + "'",
          "IDENTIFIED VIA mysql_native_password");
    }
  }

  @Test
  void allElseStaysWhatItIs() {
    SQLException error = new SQLException("Communications link failure", "08S01");
    MySqlUrl url = MySqlUrl.parse("jdbc:mysql://db.example.com/d");
    assertThatThrownBy(
            () ->
                new ServerTrust(ServerCertificates.NONE, warning -> {})
                    .connect(
                        url,
                        true,
                        () -> {
                          throw error;
                        }))
        .isSameAs(error);
  }
}
