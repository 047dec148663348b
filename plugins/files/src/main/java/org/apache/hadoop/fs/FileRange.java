package org.apache.hadoop.fs;

/** A part of a file, for reads of several at once, which are not offered. */
public interface FileRange {}
