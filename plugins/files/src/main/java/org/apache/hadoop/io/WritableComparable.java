package org.apache.hadoop.io;

/** What has a form as bytes and an order. */
public interface WritableComparable<T> extends Writable, Comparable<T> {}
