package io.millrace.files.s3;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * What is needed to complete an upload, as text and back.
 *
 * @param id the store's own
 * @param token stands in the metadata of the object that the upload becomes
 * @param etags of the parts, in order
 */
record S3Upload(String id, String token, List<String> etags) {

  S3Upload {
    etags = List.copyOf(etags);
  }

  @Override
  public String toString() {
    return id + "\n" + token + "\n" + String.join("\n", etags);
  }

  static S3Upload of(String text) {
    List<String> lines = text.lines().toList();
    return new S3Upload(lines.get(0), lines.get(1), lines.subList(2, lines.size()));
  }

  List<CompletedPart> completed() {
    List<CompletedPart> parts = new ArrayList<>();
    for (String etag : etags) {
      parts.add(CompletedPart.builder().partNumber(parts.size() + 1).eTag(etag).build());
    }
    return parts;
  }

  /** Whether an object is what this upload became. */
  boolean isOf(HeadObjectResponse object) {
    return token.equals(object.metadata().get(S3Store.TOKEN));
  }
}
