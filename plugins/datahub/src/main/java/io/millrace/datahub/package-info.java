/**
 * The connector for DataHub, the topics of Alibaba Cloud. Reader and writer live in packages of
 * their own.
 */
@NullMarked
package io.millrace.datahub;

import org.jspecify.annotations.NullMarked;
