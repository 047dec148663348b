package io.millrace.benchmarks.work;

import io.millrace.testkit.server.Flavour;
import java.util.List;

/**
 * Something that is done by different means, so that they can be compared. One thread calls, for
 * one server after another.
 */
public interface Work {

  /** A short name for the command line. */
  String name();

  /** What is done, in one line. */
  String title();

  /** Puts onto the server what is needed before anything is measured. */
  void prepare(Workbench bench) throws Exception;

  /**
   * Runs Millrace once before it is measured, since the first run after an installation keeps class
   * data for those that follow.
   */
  void warmUp(Workbench bench) throws Exception;

  /** The means, in the order in which each round goes through them. */
  List<Scenario> scenarios();

  /** Names of the scenarios that the others are compared with. */
  List<String> yardsticks();

  /** What is to be reached on a kind of server. */
  List<Target> targets(Flavour flavour);
}
