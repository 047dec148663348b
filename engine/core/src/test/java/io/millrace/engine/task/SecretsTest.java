package io.millrace.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Sensitive;
import io.millrace.api.option.ConfigOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          password           | the password is password1 | the *** is ***1
          pass               | pass compass pass         | *** com*** ***
          abc                | abc abcd xabc (abc)       | *** abcd xabc (***)
          1                  | a1 1 12 =1=               | a1 *** 12 =***=
          *                  | a * b                     | a *** b
          longer             | nothing here              | nothing here
          aaaa               | aaaaaa                    | ***
          a.b$c              | xa.b$cx                   | x***x
          """)
  void inTheWordsOfOthersEachOccurrenceIsReplaced(String secret, String text, String expected) {
    assertThat(Secrets.of(secret).redactForeign(text)).isEqualTo(expected);
    assertThat(Sensitive.plain(Secrets.of(secret).redact("a " + Sensitive.mark(text) + " b")))
        .isEqualTo("a " + expected + " b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          sync     | stage-3-synchronize.log sync/a /sync sync.log a.sync x_sync sync2 re-sync | stage-3-synchronize.log sync/a /sync sync.log a.sync x_sync sync2 re-sync
          sync     | cannot sync, sync. sync                     | cannot ***, ***. ***
          1        | a1 1 1.5 12 =1=                             | a1 *** 1.5 12 =***=
          hunter22 | a prefix-hunter22                           | a prefix-hunter22
          twelve-chars | xtwelve-charsx                          | x***x
          """)
  void ourOwnWordsStayReadable(String secret, String text, String expected) {
    assertThat(Secrets.of(secret).redact(text)).isEqualTo(expected);
  }

  /** As drivers and servers repeat what they were given, where nobody has marked it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          Access denied for 'root' using 'hunter2'
          Access denied (using password: hunter2)
          the password hunter2.
          the password hunter2... was wrong
          password=hunter2
          password=hunter2;user=x
          user:hunter2@db.example.com
          http://user:hunter2@db.example.com/x
          jdbc:oracle:thin:scott/hunter2@h:1521:x
          scott/hunter2@h
          {"password":"hunter2"}
          {\\"password\\":\\"hunter2\\"}
          {"m":"line\\nhunter2\\n"}
          {"m":"\\u0027hunter2\\u0027"}
          password%3D%27hunter2%27
          &quot;hunter2&quot; &#39;hunter2&#39;
          <password>hunter2</password>
          ?pw=hunter2&x=y
          Authorization: Bearer hunter2
          [hunter2], (hunter2), `hunter2`, hunter2!
          --password hunter2
          """)
  void theUsualFormsInWhichAPasswordIsRepeatedAreFound(String text) {
    assertThat(Secrets.of("hunter2").redact(text)).contains("***").doesNotContain("hunter2");
  }

  @Test
  void longerSecretsHideShorterOnesAndOverlaps() {
    assertThat(
            Secrets.of("secret", "secret-long", "long-tail").redactForeign("a secret-long-tail b"))
        .isEqualTo("a *** b");
  }

  @Test
  void blankOnesAreIgnored() {
    assertThat(Secrets.of("", "  ").redact("a  b")).isEqualTo("a  b");
    assertThat(Secrets.of("")).isEqualTo(Secrets.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"p\":\"p\\\"w\\\\d'x y\"}",
        "IDENTIFIED BY 'p\"w\\d''x y'",
        "IDENTIFIED BY 'p\"w\\\\d\\'x y'",
        "?password=p%22w%5Cd%27x+y",
        "?password=p%22w%5Cd%27x%20y",
      })
  void findsASecretInOtherForms(String text) {
    assertThat(Secrets.of("p\"w\\d'x y").redact(text)).contains("***").doesNotContain("x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jdbc:mysql://h:3306/db?user=u&password=hunter2&x=y     | jdbc:mysql://h:3306/db?user=u&password=***&x=y
          jdbc:mysql://root:hunter2@h:3306/db                    | jdbc:mysql://root:***@h:3306/db
          jdbc:mysql://root:hun/ter2@h:3306/db                   | jdbc:mysql://root:***@h:3306/db
          mongodb://root:hun#te?r2@h/db                          | mongodb://root:***@h/db
          mongodb://root:hun@ter2@h/db                           | mongodb://root:***@h/db
          jdbc:mysql://h:3306/db?password=a@b&user=x             | jdbc:mysql://h:3306/db?password=***&user=x
          mongodb://root:hunter2@a,b:27017/db?authSource=admin   | mongodb://root:***@a,b:27017/db?authSource=admin
          jdbc:mysql://address=(host=h)(user=u)(password=hunter2)/db | jdbc:mysql://address=(host=h)(user=u)(password=***)/db
          jdbc:sqlserver://h;user=u;password=hunter2;encrypt=true | jdbc:sqlserver://h;user=u;password=***;encrypt=true
          jdbc:oracle:thin:scott/hunter2@h:1521:x                | jdbc:oracle:thin:scott/***@h:1521:x
          jdbc:mysql://h/db?clientCertificateKeyStorePassword=hunter2 | jdbc:mysql://h/db?clientCertificateKeyStorePassword=***
          jdbc:mysql://h:3306/db?user=u                          | jdbc:mysql://h:3306/db?user=u
          select a from t where password='x'                     | select a from t where password='x'
          """)
  void passwordsInUrlsAreSecrets(String url, String hidden) {
    assertThat(UrlSecrets.hide(url)).isEqualTo(hidden);
    ConnectorSpec spec =
        new ConnectorSpec("mysql", Map.of("connection", List.of(Map.of("jdbcUrl", List.of(url)))));
    assertThat(Secrets.NONE.collect(spec, List.of()).redact(url)).isEqualTo(hidden);
  }

  @Test
  void passwordsInTheElementsOfAListAreSecretsAndTheirNeighboursAreNot() {
    Map<String, Object> element =
        Map.of(
            "jdbcUrl", "jdbc:mysql://u:hunter2@h:3306/db",
            "password", "hunter3",
            "table", List.of("orders"));
    ConnectorSpec spec = new ConnectorSpec("mysql", Map.of("connection", List.of(element)));

    assertThat(Secrets.NONE.collect(spec, List.of()).redact("orders of hunter2 and hunter3"))
        .isEqualTo("orders of *** and ***");
  }

  @Test
  void encodedPasswordInUrlIsHiddenBothWays() {
    ConnectorSpec spec = new ConnectorSpec("x", Map.of("url", "jdbc:a://h/d?password=p%40ss"));

    assertThat(Secrets.NONE.collect(spec, List.of()).redact("p%40ss and p@ss"))
        .isEqualTo("*** and ***");
  }

  @Test
  void collectsDeclaredAndNamedSecrets() {
    List<ConfigOption<?>> declared =
        List.of(
            ConfigOption.string("pin", "d").withAliases("code").asSecret(),
            ConfigOption.string("table", "d"));
    ConnectorSpec spec =
        new ConnectorSpec(
            "x",
            Map.of(
                "CODE",
                123456,
                "table",
                "orders",
                "accessKeySecret",
                "aks-value",
                "nested",
                Map.of("sasl", Map.of("password", List.of("inner-value"))),
                "useToken",
                true));

    assertThat(
            Secrets.NONE.collect(spec, declared).redact("123456 orders aks-value inner-value true"))
        .isEqualTo("*** orders *** *** true");
  }

  @ParameterizedTest
  @CsvSource({
    "password, true",
    "PASSWORD, true",
    "passwd, true",
    "db_pwd, true",
    "accessKey, true",
    "accessId, true",
    "accessKeyId, true",
    "access-key-secret, true",
    "securityToken, true",
    "api_key, true",
    "credentials, true",
    "sasl.jaas.config, true",
    "saslJaasConfig, true",
    "username, false",
    "table, false",
    "splitKey, false",
    "primaryKey, false",
    "tokenizer, false",
    "keyType, false",
  })
  void namesOfSecrets(String name, boolean secret) {
    assertThat(SecretNames.isSecret(name)).isEqualTo(secret);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ssl.keystore.key", "basic.auth.user.info", "Authorization", "sk", "AK", "pass"})
  void moreNamesOfSecrets(String name) {
    assertThat(SecretNames.isSecret(name)).isTrue();
  }

  @Test
  void aNameThatIsEncodedInAUrlIsReadAsTheServerReadsIt() {
    assertThat(UrlSecrets.hide("jdbc:mysql://h/d?pass%77ord=hun,ter2&a=b"))
        .isEqualTo("jdbc:mysql://h/d?pass%77ord=***&a=b");
  }

  @Test
  void neverPrintsWhatItHides() {
    assertThat(Secrets.of("hunter2")).hasToString("1 secrets");
  }
}
