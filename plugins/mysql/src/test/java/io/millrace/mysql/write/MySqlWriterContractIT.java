package io.millrace.mysql.write;

import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.util.Map;
import org.junit.jupiter.api.Nested;

final class MySqlWriterContractIT {

  @Nested
  final class Load extends AbstractWriterContractIT {
    Load() {
      super(Map.of());
    }

    @Override
    TestServer server() {
      return TestServers.mysql();
    }
  }

  @Nested
  final class Insert extends AbstractWriterContractIT {
    Insert() {
      super(Map.of("load", "never"));
    }

    @Override
    TestServer server() {
      return TestServers.mysql();
    }
  }

  @Nested
  final class Swap extends AbstractWriterContractIT {
    Swap() {
      super(Map.of("publish", "swap"));
    }

    @Override
    TestServer server() {
      return TestServers.mysql();
    }
  }

  @Nested
  final class Append extends AbstractWriterContractIT {
    Append() {
      super(Map.of("publish", "append"));
    }

    @Override
    TestServer server() {
      return TestServers.mysql();
    }
  }

  @Nested
  final class InsertIgnore extends AbstractWriterContractIT {
    InsertIgnore() {
      super(Map.of("writeMode", "insert ignore"));
    }

    @Override
    TestServer server() {
      return TestServers.mysql();
    }
  }
}
