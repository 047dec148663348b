package io.millrace.mysql.connect;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MySqlUrlTest {

  @ParameterizedTest
  @CsvSource({
    "'', PREFERRED",
    "?sslMode=required, REQUIRED",
    "?SSLMODE=Verify_Identity, VERIFY_IDENTITY",
    "?useSSL=true&verifyServerCertificate=true, VERIFY_CA",
    "?verifyServerCertificate=true, VERIFY_CA",
    "?useSSL=yes&requireSSL=yes, REQUIRED",
    "?useSSL=false&requireSSL=true, DISABLED",
    "?sslMode=PREFERRED&verifyServerCertificate=true, PREFERRED",
  })
  void theParametersSayHowFarTheServerIsVerified(String parameters, MySqlUrl.Tls expected) {
    assertThat(MySqlUrl.parse("jdbc:mysql://h/d" + parameters).tls()).isEqualTo(expected);
  }

  @Test
  void serversHaveOneNameInEverySpelling() {
    assertThat(MySqlUrl.parse("jdbc:mysql://DB.example,db2:3307,[::1],[FE80::2]:33/d").servers())
        .containsExactly("db.example:3306", "db2:3307", "::1:3306", "fe80::2:33");
  }

  @Test
  void aUrlOfRealLifeIsAccepted() {
    MySqlUrl url =
        MySqlUrl.parse(
            "jdbc:mysql://db1.example.com:3307,db2/shop?useUnicode=true&characterEncoding=utf8"
                + "&zeroDateTimeBehavior=convertToNull&serverTimezone=Asia/Shanghai&useSSL=false"
                + "&allowMultiQueries=true&CONNECTTIMEOUT=3000");
    assertThat(url.hosts()).isEqualTo("db1.example.com:3307,db2");
    assertThat(url.database()).isEqualTo("shop");
    assertThat(url.parameters())
        .containsOnlyKeys("useSSL", "connectTimeout")
        .containsEntry("connectTimeout", "3000");
    assertThat(url.driverUrl()).isEqualTo("jdbc:mysql://db1.example.com:3307,db2/shop");
  }

  @Test
  void whatIsHarmlessIsANoteAndWhatIsNotIsPassedOnOrKept() {
    MySqlUrl url =
        MySqlUrl.parse(
            "jdbc:mysql://h/d?characterSetResults=utf8&amp;enabledTLSProtocols=TLSv1.2"
                + "&maxAllowedPacket=1&noDatetimeStringSync=true&allowLoadLocalInfile=false"
                + "&autoDeserialize=FALSE&zeroDateTimeBehavior=CONVERT_TO_NULL");
    assertThat(url.parameters()).containsOnly(Map.entry("tlsVersions", "TLSv1.2"));
    assertThat(url.meaning().nullForZeroDate()).isTrue();
    assertThat(url.notes())
        .singleElement()
        .asString()
        .contains("characterSetResults, maxAllowedPacket, noDatetimeStringSync")
        .contains("allowLoadLocalInfile, autoDeserialize have no effect");
    assertThat(MySqlUrl.parse("jdbc:mysql://h/d?useSSL=false").notes()).isEmpty();
  }

  @Test
  void sessionVariablesBecomeStatements() {
    MySqlUrl url =
        MySqlUrl.parse(
            "jdbc:mysql://h/d?sessionVariables=sql_mode='ANSI,STRICT_TRANS_TABLES',@@session.wait_timeout=5"
                + ";SESSION%20tx_isolation=%22READ-COMMITTED%22,@x=1");
    assertThat(url.meaning().session())
        .containsExactly(
            "SET SESSION sql_mode = 'ANSI,STRICT_TRANS_TABLES'",
            "SET SESSION wait_timeout = 5",
            "SET SESSION tx_isolation = \"READ-COMMITTED\"",
            "SET @x = 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=(SELECT 1)",
        "a=1,GLOBAL b=1",
        "@@global.a=1",
        "a='x\\'",
        "a=1 b=2",
        "a=LOAD_FILE('x')",
        "a"
      })
  void otherSessionVariablesAreRefusedWithTheOptionThatTakesThem(String value) {
    assertThatThrownBy(() -> MySqlUrl.parse("jdbc:mysql://h/d?sessionVariables=" + value))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("'session'");
  }

  @ParameterizedTest
  @CsvSource({
    "allowLoadLocalInfile=true, read files of this machine",
    "autoDeserialize=true, remove it",
    "zeroDateTimeBehavior=round, convertToNull",
    "maxRows=10, where"
  })
  void whatIsRefusedSaysWhatToDo(String parameter, String advice) {
    assertThatThrownBy(() -> MySqlUrl.parse("jdbc:mysql://h/d?" + parameter))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining(parameter.substring(0, parameter.indexOf('=')))
        .hasMessageContaining(advice);
  }

  @Test
  void everyHostOfAListIsTriedByItself() {
    for (String form : List.of("", ":loadbalance", ":failover")) {
      MySqlUrl url = MySqlUrl.parse("jdbc:mysql" + form + "://a:1,[::1]:2/d?useSSL=false");
      assertThat(url.eachHost())
          .extracting(MySqlUrl::driverUrl)
          .containsExactly("jdbc:mysql://a:1/d", "jdbc:mysql://[::1]:2/d");
      assertThat(url.eachHost().get(1).parameters()).containsOnlyKeys("useSSL");
      assertThat(url.notes()).isEmpty();
    }
  }

  @Test
  void aReplicaIsNeverAsked() {
    MySqlUrl url = MySqlUrl.parse("jdbc:mysql:replication://source:1,replica:2/d");
    assertThat(url.eachHost())
        .extracting(MySqlUrl::driverUrl)
        .containsExactly("jdbc:mysql://source:1/d");
    assertThat(url.notes()).singleElement().asString().contains("source:1").contains("replicas");
  }

  @Test
  void aMariaDbUrlIsRewritten() {
    assertThat(MySqlUrl.parse("jdbc:mariadb://h/d").driverUrl()).isEqualTo("jdbc:mysql://h/d");
  }

  @Test
  void aDatabaseNameCannotBecomeAParameter() {
    MySqlUrl url = MySqlUrl.parse(MySqlUrl.of("::1", 3306, "a?b&c=d/e"));
    assertThat(url.database()).isEqualTo("a?b&c=d/e");
    assertThat(url.driverUrl()).isEqualTo("jdbc:mysql://[::1]:3306/a%3Fb%26c%3Dd%2Fe");
    assertThat(url.parameters()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "allowLoadLocalInfile",
        "allowLoadLocalInfileInPath",
        "allowUrlInLocalInfile",
        "autoDeserialize",
        "queryInterceptors",
        "connectionLifecycleInterceptors",
        "exceptionInterceptors",
        "socketFactory",
        "propertiesTransform",
        "authenticationPlugins",
        "clientInfoProvider",
        "sessionVariables",
        "allow%4coadLocalInfile",
        "AUTODESERIALIZE",
        "loadBalanceStrategy",
        "serverRSAPublicKeyFile",
        "logger2"
      })
  void aParameterThatIsNotKnownToBeHarmlessIsRefusedByName(String name) {
    assertThatThrownBy(() -> MySqlUrl.parse("jdbc:mysql://h/d?" + name + "=secret-value"))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining(name.startsWith("allow%") ? "allowLoadLocalInfile" : name)
        .hasMessageNotContaining("secret-value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:mysql://root:pw@h/d",
        "jdbc:mysql://address=(host=h)(allowLoadLocalInfile=true)/d",
        "jdbc:mysql://(host=h,autoDeserialize=true)/d",
        "jdbc:mysql:loadbalance:///d",
        "jdbc:mysql:aurora://h/d",
        "jdbc:mysql+srv://h/d",
        "mysqlx://h/d",
        "jdbc:mysql:///d",
        "jdbc:postgresql://h/d",
        "jdbc:mysql://h/d?%",
        "jdbc:mysql://h/d?user=root&password=pw",
        "jdbc:mysql://h/d?trustCertificateKeyStoreUrl=http://evil/",
        "jdbc:mysql://h/d?trustCertificateKeyStoreUrl=file://evil/x"
      })
  void aFormThatCouldHideSomethingIsRefused(String url) {
    assertThatThrownBy(() -> MySqlUrl.parse(url))
        .isInstanceOf(MillraceException.class)
        .hasMessageNotContaining("pw");
  }

  @Test
  void onlyThisMachineIsLoopback() {
    assertThat(MySqlUrl.parse("jdbc:mysql://localhost:3306,127.0.0.1/d").isLoopback()).isTrue();
    assertThat(MySqlUrl.parse("jdbc:mysql://[::1]:3306/d").isLoopback()).isTrue();
    assertThat(MySqlUrl.parse("jdbc:mysql://localhost,db/d").isLoopback()).isFalse();
    assertThat(MySqlUrl.parse("jdbc:mysql://127.0.0.1.evil.com/d").isLoopback()).isFalse();
  }

  @Test
  void aFileOutOfReachIsRefusedByEverySpelling(@TempDir Path top) throws IOException {
    Path root = Files.createDirectory(top.toRealPath().resolve("files"));
    Path secret = Files.writeString(root.resolveSibling("key"), "");
    Files.createSymbolicLink(root.resolve("link"), secret);
    Path own = Files.writeString(root.resolve("own store+1"), "");
    LocalFiles files = LocalFiles.within(List.of(root), "files.roots", "conf/millrace.yaml");
    for (String path :
        List.of(
            "file:" + secret,
            "file://" + secret,
            "file:" + root + "/../key",
            // Once for the URL, and once more for the file that its parameter names.
            "file:" + root + "/%252e%252e/key",
            "file:" + root + "/%2e%2e/key",
            "file:" + root + "/..%252fkey",
            "file:" + root + "/link",
            "file:" + root + "/link?x",
            "file:/proc/self/root" + secret,
            "file:relative")) {
      MySqlUrl url =
          MySqlUrl.parse("jdbc:mysql://h/d?sslMode=VERIFY_CA&trustCertificateKeyStoreUrl=" + path);
      assertThatThrownBy(() -> url.within(files))
          .as(path)
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("outside of files.roots (" + root + "): add ");
      assertThat(url.within(LocalFiles.ANYWHERE)).isEqualTo(url);
    }
    MySqlUrl url =
        MySqlUrl.parse(
            "jdbc:mysql://h/d?trustCertificateKeyStoreUrl=file:" + root + "/own%2520store+1");
    assertThat(url.within(files).parameters())
        .containsEntry("trustCertificateKeyStoreUrl", own.toUri().toString());
  }
}
