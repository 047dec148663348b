package io.millrace.dist.kill;

/** What is moved, and how it is published. */
record Kind(boolean withKey, String publish) {

  @Override
  public String toString() {
    return publish + (withKey ? ", with a primary key" : ", without a key");
  }
}
