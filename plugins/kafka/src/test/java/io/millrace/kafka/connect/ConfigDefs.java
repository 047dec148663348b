package io.millrace.kafka.connect;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;

/** What Kafka's clients define. */
final class ConfigDefs {

  private ConfigDefs() {}

  static Map<String, ConfigKey> all() {
    Map<String, ConfigKey> all = new TreeMap<>(ConsumerConfig.configDef().configKeys());
    all.putAll(ProducerConfig.configDef().configKeys());
    all.putAll(AdminClientConfig.configDef().configKeys());
    return all;
  }
}
