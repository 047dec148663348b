@NullMarked
package io.millrace.datahub.read;

import org.jspecify.annotations.NullMarked;
