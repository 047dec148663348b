/** Tests of writing to MySQL and MariaDB, against encoders alone and against real servers. */
@NullMarked
package io.millrace.mysql.write;

import org.jspecify.annotations.NullMarked;
