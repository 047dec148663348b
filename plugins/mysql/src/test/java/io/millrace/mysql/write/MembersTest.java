package io.millrace.mysql.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MembersTest {

  private final List<String> asked = new ArrayList<>();
  private final Members members =
      new Members(
          List.of(bytes("yes"), bytes("no")),
          text -> {
            asked.add(text);
            return text.equalsIgnoreCase("yes") || text.equalsIgnoreCase("no");
          });

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private boolean contains(String text) throws SQLException {
    // Not at the beginning of the buffer.
    byte[] buffer = bytes("xx" + text + "yy");
    return members.contains(buffer, 2, buffer.length - 2);
  }

  @Test
  void theServerIsNotAskedForAMemberLetterByLetter() throws Exception {
    assertThat(contains("yes")).isTrue();
    assertThat(contains("no")).isTrue();
    assertThat(asked).isEmpty();
  }

  @Test
  void theServerIsAskedOnceForEachOtherText() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(contains("YES")).isTrue();
      assertThat(contains("No  ")).isTrue();
      assertThat(contains("1")).isFalse();
    }
    assertThat(asked).containsExactly("YES", "No", "1");
  }
}
