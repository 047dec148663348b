package io.millrace.files;

class S3WritingIT extends AbstractWriting {

  private final Buckets buckets = Buckets.started();
  private final String folder = Buckets.folder();

  @Override
  Place place() {
    return new BucketPlace(buckets, folder, buckets.port());
  }

  @Override
  void removeStaged() {
    buckets.abortUploads(folder);
  }
}
