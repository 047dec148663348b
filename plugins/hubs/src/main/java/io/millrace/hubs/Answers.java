package io.millrace.hubs;

/** What an answer says that is none of the service's own, but of a proxy or of another server. */
public final class Answers {

  private Answers() {}

  /**
   * True when asking again gives the same answer: HTTP refuses it, and not for a moment.
   *
   * @param status of HTTP; 0 or less when there was none
   */
  public static boolean isRefusal(int status) {
    return status >= 400 && status < 500 && status != 408 && status != 429;
  }
}
