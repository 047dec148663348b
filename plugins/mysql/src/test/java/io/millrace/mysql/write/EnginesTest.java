package io.millrace.mysql.write;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnginesTest {

  /** FEDERATED and SEQUENCE say of themselves that they have transactions and savepoints. */
  @ParameterizedTest
  @CsvSource({
    "InnoDB, true",
    "INNODB, true",
    "FEDERATED, false",
    "SEQUENCE, false",
    "SPIDER, false",
    "ROCKSDB, false",
    "MyISAM, false",
    "MRG_MyISAM, false",
    "Aria, false",
    "MEMORY, false",
    "CSV, false",
    "ARCHIVE, false",
    "BLACKHOLE, false",
    "'', false"
  })
  void onlyEnginesKnownToGoBackCountAsTransactional(String engine, boolean transactional) {
    assertThat(Engines.isTransactional(engine)).isEqualTo(transactional);
  }
}
