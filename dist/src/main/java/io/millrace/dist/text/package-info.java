/** Text for people, as every command writes it. What is written stands elsewhere. */
@NullMarked
package io.millrace.dist.text;

import org.jspecify.annotations.NullMarked;
