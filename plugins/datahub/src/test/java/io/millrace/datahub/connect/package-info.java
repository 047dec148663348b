@NullMarked
package io.millrace.datahub.connect;

import org.jspecify.annotations.NullMarked;
