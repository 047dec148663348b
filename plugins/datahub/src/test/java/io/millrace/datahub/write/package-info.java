@NullMarked
package io.millrace.datahub.write;

import org.jspecify.annotations.NullMarked;
