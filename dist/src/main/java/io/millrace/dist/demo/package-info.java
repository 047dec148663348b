/**
 * {@code millrace demo}: the main job on a database that is started for it, then a server that does
 * such jobs by itself. Only here are the testkit's servers and the TPC-H generator used; their jars
 * lie apart from those of every other command.
 */
@NullMarked
package io.millrace.dist.demo;

import org.jspecify.annotations.NullMarked;
