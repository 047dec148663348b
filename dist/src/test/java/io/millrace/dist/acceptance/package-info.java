/**
 * Proofs of what the main job promises, from outside: the packaged command against real servers.
 * The kill tests have a package of their own.
 */
@NullMarked
package io.millrace.dist.acceptance;

import org.jspecify.annotations.NullMarked;
