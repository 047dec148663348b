package io.millrace.mysql.connect;

import com.mysql.cj.conf.PropertySet;
import java.io.Closeable;
import java.io.IOException;

/**
 * Connects only while each server's certificate is compared. Of several hosts the driver goes on to
 * the next one by itself when a connection is lost, at any time; nothing would compare what that
 * one shows. Public because Connector/J makes it by name.
 */
public final class CheckedSocketFactory extends CancellableSocketFactory {

  @Override
  public <T extends Closeable> T connect(
      String host, int port, PropertySet properties, int loginTimeout) throws IOException {
    if (!isShowing()) {
      throw new IOException("the connection was lost");
    }
    return super.connect(host, port, properties, loginTimeout);
  }
}
