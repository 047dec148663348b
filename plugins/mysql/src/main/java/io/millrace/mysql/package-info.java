/** The connector for MySQL and MariaDB. Reader and writer live in packages of their own. */
@NullMarked
package io.millrace.mysql;

import org.jspecify.annotations.NullMarked;
