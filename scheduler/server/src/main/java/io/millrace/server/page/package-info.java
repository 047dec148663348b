/** Paging and filters of lists. Which columns may be filtered is the list's own business. */
@org.jspecify.annotations.NullMarked
package io.millrace.server.page;
