package io.millrace.engine.connector.sample;

/** A class that its plugin's author forgot to put into the zip. */
final class NotBundled {

  static final Object RULE = new Object();

  private NotBundled() {}
}
