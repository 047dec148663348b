package io.millrace.api;

/**
 * The version of this SPI. A plugin states the version it was built for in its descriptor ({@code
 * plugin.requires}); the host refuses a plugin whose major version differs or whose minor version
 * is newer than its own.
 */
public final class ApiVersion {

  /** The version this host implements, as {@code major.minor.patch}. */
  public static final String CURRENT = "0.1.0";

  private ApiVersion() {}
}
