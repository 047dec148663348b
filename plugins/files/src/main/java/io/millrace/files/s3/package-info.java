/**
 * The store for object storage that speaks S3: AWS, Alibaba's OSS by its compatible endpoint, MinIO
 * and others. The only package that knows the client's classes.
 */
@NullMarked
package io.millrace.files.s3;

import org.jspecify.annotations.NullMarked;
