package io.millrace.datahub.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.datahub.DataHubConnector;
import io.millrace.datahub.fake.FakeDataHub;
import io.millrace.datahub.fake.FakeTopic;
import io.millrace.testkit.context.ConnectionTests;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DataHubConnectionTestTest {

  private static final String WRONG = "wr0ngKeyOfTheAccount";

  private final FakeDataHub service = new FakeDataHub();
  private final FakeTopic store = service.create(Map.of("n", "bigint"), 2);
  private final Map<String, Object> source = service.options(store);

  @AfterEach
  void stop() {
    service.close();
  }

  private AbstractStringAssert<?> refusal(StandardError error) {
    MillraceException refused =
        catchThrowableOfType(
            MillraceException.class, () -> ConnectionTests.run(new DataHubConnector(), source));
    assertThat(refused).isNotNull();
    assertThat(refused.errorCode()).isEqualTo(error);
    return assertThat(Sensitive.plain(refused.getMessage()))
        .doesNotContain(WRONG, FakeDataHub.ACCESS_KEY, FakeDataHub.ACCESS_ID, "\n");
  }

  @Test
  void theTopicIsAskedForWhereTheDataSourceNamesOne() {
    assertThat(ConnectionTests.run(new DataHubConnector(), source))
        .isEqualTo(
            "DataHub: topic "
                + FakeDataHub.PROJECT
                + "/"
                + store.name()
                + " at "
                + service.endpoint());
  }

  @Test
  void theProjectIsAskedForWhereItNamesNone() {
    source.remove("topic");
    assertThat(ConnectionTests.run(new DataHubConnector(), source))
        .isEqualTo("DataHub: project " + FakeDataHub.PROJECT + " at " + service.endpoint());
    source.put("project", "another");
    refusal(StandardError.READ_REFUSED).contains("check 'project'");
  }

  @Test
  void aWrongKeyIsTold() {
    source.put("accessKey", WRONG);
    refusal(StandardError.ACCESS_DENIED).contains("check accessId");
    source.remove("topic");
    refusal(StandardError.ACCESS_DENIED).contains("check accessId");
  }

  @Test
  void oneTopicThatIsMissingIsTold() {
    source.put("topic", "nowhere");
    refusal(StandardError.READ_REFUSED).contains("check 'topic'");
  }

  @Test
  void theTokenOfATemporaryKeyIsSentAndSignedAndNotShown() {
    service.makeKeyTemporary();
    refusal(StandardError.ACCESS_DENIED).contains("securityToken");
    for (String spelling : List.of("securityToken", "stsToken", "sessionToken")) {
      source.put(spelling, FakeDataHub.SECURITY_TOKEN);
      assertThat(ConnectionTests.run(new DataHubConnector(), source)).startsWith("DataHub: topic ");
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
