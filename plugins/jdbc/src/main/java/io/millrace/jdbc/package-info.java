/**
 * What relational connectors share: quoting of names, the options that say where a database is and
 * how to log in, and the forms in which DataX writes them. Nothing here knows one database product.
 */
@NullMarked
package io.millrace.jdbc;

import org.jspecify.annotations.NullMarked;
