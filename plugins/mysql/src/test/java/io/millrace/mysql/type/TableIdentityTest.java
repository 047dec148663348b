package io.millrace.mysql.type;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TableIdentityTest {

  @Test
  void aNameIsWrittenAsThatOfItsFile() {
    assertThat(TableIdentity.fileName("my_db1", "T$1-a b")).isEqualTo("my_db1/T@00241@002da@0020b");
    assertThat(TableIdentity.fileName("db", "a/b")).isEqualTo("db/a@002fb");
    assertThat(TableIdentity.fileName("db", "表")).isNull();
  }
}
