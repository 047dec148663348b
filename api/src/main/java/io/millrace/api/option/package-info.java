/**
 * The options a connector declares, and their checked values. One declaration drives validation,
 * the docs page and the form.
 */
@NullMarked
package io.millrace.api.option;

import org.jspecify.annotations.NullMarked;
