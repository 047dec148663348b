package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.api.Connector;
import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.testkit.context.ConnectionTests;
import io.millrace.testkit.server.S3Server;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class BucketConnectionTestIT {

  private static final String WRONG = "wr0ngKeyOfTheAccount";

  private final Buckets buckets = Buckets.create();
  private final Map<String, Object> source = buckets.options();

  static List<Connector> connectors() {
    return List.of(new ObjectsConnector(), new OssConnector());
  }

  private AbstractStringAssert<?> refusal(StandardError error) {
    MillraceException refused =
        catchThrowableOfType(
            MillraceException.class, () -> ConnectionTests.run(new ObjectsConnector(), source));
    assertThat(refused).isNotNull();
    assertThat(refused.errorCode()).isEqualTo(error);
    return assertThat(Sensitive.plain(refused.getMessage()))
        .doesNotContain(WRONG, S3Server.ACCESS_KEY, "\n");
  }

  @ParameterizedTest
  @MethodSource("connectors")
  void aBucketThatAnswersIsToldWithoutWhatItHolds(Connector connector) {
    buckets.put("secret-name.csv", "1\n");
    assertThat(ConnectionTests.run(connector, source))
        .isEqualTo(
            "S3: bucket '"
                + source.get("bucket")
                + "' at "
                + source.get("endpoint")
                + " lists its objects, with requests signed for us-east-1");
  }

  @Test
  void aWrongKeyIsTold() {
    source.put("accessKey", WRONG);
    refusal(StandardError.ACCESS_DENIED).contains("cannot list");
  }

  @Test
  void aBucketThatIsMissingIsTold() {
    source.put("bucket", "no-such-bucket");
    refusal(StandardError.READ_REFUSED).contains("does not exist: check bucket and endpoint");
  }

  @Test
  void anEndpointWhereNobodyListensIsTold() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      source.put("endpoint", "http://127.0.0.1:" + free.getLocalPort());
    }
    refusal(StandardError.CONNECT).contains("nothing answers at").contains("check endpoint");
  }

  @Test
  void aHostThatIsMissingIsTold() {
    source.put("endpoint", "http://no.such.host.invalid");
    source.put("pathStyle", true);
    refusal(StandardError.CONNECT).contains("no host has the name");
  }
}
