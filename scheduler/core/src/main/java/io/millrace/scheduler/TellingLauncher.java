package io.millrace.scheduler;

import io.millrace.scheduler.dispatch.Launcher;
import io.millrace.scheduler.dispatch.Picked;
import io.millrace.scheduler.instance.Instance;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Tells that an instance runs: its row says so before it is started. */
record TellingLauncher(Launcher launcher, LongConsumer running) implements Launcher {

  @Override
  public void reserve(Instance instance, int attempt) {
    launcher.reserve(instance, attempt);
  }

  @Override
  public Started start(Picked picked, Consumer<Ended> done) {
    Started started = launcher.start(picked, done);
    running.accept(picked.instance().id());
    return started;
  }
}
