package io.millrace.scheduler.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.scheduler.datasource.OptionCipher.Sealed;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionCipherTest {

  @TempDir Path directory;
  private OptionCipher cipher;

  @BeforeEach
  void setUp() {
    cipher = new OptionCipher(KeyFile.open(directory.resolve("key")));
  }

  @Test
  void opensWhatItSealedAndNeverSealsTheSameWayTwice() {
    Sealed sealed = cipher.seal("shop", "/password", "hunter2 \u00e4\uD83D\uDE00");

    assertThat(cipher.open("shop", "/password", sealed)).isEqualTo("hunter2 \u00e4\uD83D\uDE00");
    assertThat(cipher.seal("shop", "/password", "hunter2 \u00e4\uD83D\uDE00").text())
        .isNotEqualTo(sealed.text());
  }

  @Test
  void valuesCannotBeMovedOrChanged() {
    Sealed sealed = cipher.seal("shop", "/password", "hunter2");
    char first = sealed.text().charAt(20);
    Sealed changed =
        new Sealed(
            sealed.keyId(),
            sealed.text().substring(0, 20)
                + (first == 'A' ? 'B' : 'A')
                + sealed.text().substring(21));

    assertThatThrownBy(() -> cipher.open("shops", "/password", sealed))
        .hasMessageContaining("was changed in the store and cannot be opened");
    assertThatThrownBy(() -> cipher.open("shop", "/username", sealed))
        .hasMessageContaining("cannot be opened");
    assertThatThrownBy(() -> cipher.open("shop", "/password", changed))
        .hasMessageContaining("cannot be opened");
    assertThatThrownBy(() -> cipher.open("shop", "/password", new Sealed(sealed.keyId(), "AAAA")))
        .hasMessageContaining("cannot be opened");
  }

  @Test
  void aMissingKeySaysWhichAndWhere() {
    Sealed sealed = cipher.seal("shop", "/password", "hunter2");
    OptionCipher other = new OptionCipher(KeyFile.open(directory.resolve("other")));

    assertThatThrownBy(() -> other.open("shop", "/password", sealed))
        .hasMessageContaining("encrypted with the key " + sealed.keyId() + ", which is not in")
        .hasMessageContaining("put the file back");
  }
}
