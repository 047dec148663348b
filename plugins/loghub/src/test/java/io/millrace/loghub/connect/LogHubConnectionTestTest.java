package io.millrace.loghub.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.loghub.LogHubConnector;
import io.millrace.loghub.fake.FakeLogService;
import io.millrace.loghub.fake.FakeLogstore;
import io.millrace.testkit.context.ConnectionTests;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogHubConnectionTestTest {

  private static final String WRONG = "wr0ngKeyOfTheAccount";

  private final FakeLogService service = new FakeLogService();
  private final FakeLogstore store = service.create(2);
  private final Map<String, Object> source = service.options(store);

  @AfterEach
  void stop() {
    service.close();
  }

  private AbstractStringAssert<?> refusal(StandardError error) {
    MillraceException refused =
        catchThrowableOfType(
            MillraceException.class, () -> ConnectionTests.run(new LogHubConnector(), source));
    assertThat(refused).isNotNull();
    assertThat(refused.errorCode()).isEqualTo(error);
    return assertThat(Sensitive.plain(refused.getMessage()))
        .doesNotContain(WRONG, FakeLogService.ACCESS_KEY, FakeLogService.ACCESS_ID, "\n");
  }

  @Test
  void theLogstoreIsAskedForWhereTheDataSourceNamesOne() {
    assertThat(ConnectionTests.run(new LogHubConnector(), source))
        .isEqualTo(
            "LogHub: logstore "
                + FakeLogService.PROJECT
                + "/"
                + store.name()
                + " at "
                + FakeLogService.ENDPOINT
                + " with 2 shards");
  }

  @Test
  void theProjectIsAskedForWhereItNamesNone() {
    source.remove("logstore");
    assertThat(ConnectionTests.run(new LogHubConnector(), source))
        .isEqualTo("LogHub: project " + FakeLogService.PROJECT + " at " + FakeLogService.ENDPOINT);
    source.put("project", "another");
    refusal(StandardError.READ_REFUSED).contains("check 'project'");
  }

  @Test
  void aWrongKeyIsTold() {
    source.put("accessKey", WRONG);
    refusal(StandardError.ACCESS_DENIED).contains("check accessId");
    source.remove("logstore");
    refusal(StandardError.ACCESS_DENIED).contains("check accessId");
  }

  @Test
  void oneLogstoreThatIsMissingIsTold() {
    source.put("logstore", "nowhere");
    refusal(StandardError.READ_REFUSED).contains("check 'logstore'");
  }

  @Test
  void theTokenOfATemporaryKeyIsSentAndSignedAndNotShown() {
    service.makeKeyTemporary();
    refusal(StandardError.ACCESS_DENIED).contains("securityToken");
    for (String spelling : List.of("securityToken", "stsToken", "sessionToken")) {
      source.put(spelling, FakeLogService.SECURITY_TOKEN);
      assertThat(ConnectionTests.run(new LogHubConnector(), source))
          .startsWith("LogHub: logstore ");
      source.put(spelling, WRONG);
      refusal(StandardError.ACCESS_DENIED).contains("securityToken");
      source.remove(spelling);
    }
  }

  @Test
  void aServiceThatDoesNotAnswerIsTold() {
    service.close();
    refusal(StandardError.READ).contains("check 'endpoint' and the network");
  }
}
