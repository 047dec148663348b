@NullMarked
package io.millrace.datahub;

import org.jspecify.annotations.NullMarked;
