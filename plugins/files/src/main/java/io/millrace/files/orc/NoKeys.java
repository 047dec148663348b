package io.millrace.files.orc;

import java.io.IOException;
import java.security.Key;
import java.util.List;
import org.apache.orc.impl.HadoopShims;
import org.apache.orc.impl.KeyProvider;
import org.apache.orc.impl.LocalKey;
import org.jspecify.annotations.Nullable;

/** Knows no keys: nothing is encrypted, and what is encrypted is refused. Stateless. */
final class NoKeys implements KeyProvider {

  @Override
  public List<String> getKeyNames() {
    return List.of();
  }

  @Override
  public HadoopShims.KeyMetadata getCurrentKeyVersion(String name) throws IOException {
    throw new IOException("the key " + name + " is not known");
  }

  @Override
  public LocalKey createLocalKey(HadoopShims.KeyMetadata key) throws IOException {
    throw new IOException("the key " + key.getKeyName() + " is not known");
  }

  @Override
  public @Nullable Key decryptLocalKey(HadoopShims.KeyMetadata key, byte[] encrypted) {
    return null;
  }

  @Override
  public HadoopShims.KeyProviderKind getKind() {
    return HadoopShims.KeyProviderKind.UNKNOWN;
  }
}
