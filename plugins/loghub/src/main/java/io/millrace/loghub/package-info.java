/**
 * The connector for LogHub: logstores of Alibaba Cloud Simple Log Service. Reader and writer live
 * in packages of their own.
 */
@NullMarked
package io.millrace.loghub;

import org.jspecify.annotations.NullMarked;
