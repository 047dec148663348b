package io.millrace.files;

import io.millrace.api.Connector;
import java.util.List;
import java.util.Map;

/** A folder of a bucket. */
record BucketPlace(Buckets buckets, String folder, int port) implements Place {

  @Override
  public Connector connector() {
    return new ObjectsConnector();
  }

  @Override
  public void put(String name, byte[] content) {
    buckets.put(folder + name, content);
  }

  @Override
  public byte[] bytes(String name) {
    return buckets.bytes(folder + name);
  }

  @Override
  public void delete(String name) {
    buckets.delete(folder + name);
  }

  @Override
  public List<String> names() {
    return buckets.keys(folder).stream()
        .map(key -> key.substring(folder.length()))
        .sorted()
        .toList();
  }

  @Override
  public List<String> staged() {
    return buckets.uploads(folder);
  }

  @Override
  public Map<String, Object> reading(String pattern) {
    Map<String, Object> options = buckets.options(port);
    options.put("object", folder + pattern);
    return options;
  }

  @Override
  public Map<String, Object> writing(String base) {
    Map<String, Object> options = buckets.options(port);
    options.put("object", folder + base);
    options.put("writeMode", "append");
    return options;
  }
}
