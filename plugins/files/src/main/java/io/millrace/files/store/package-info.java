/**
 * Where files are kept: the local file system and object stores, behind one interface of names,
 * bytes and staged output. What is in the bytes is not its business.
 */
@NullMarked
package io.millrace.files.store;

import org.jspecify.annotations.NullMarked;
