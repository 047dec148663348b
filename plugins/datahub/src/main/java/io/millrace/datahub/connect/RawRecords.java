package io.millrace.datahub.connect;

import com.aliyun.datahub.client.http.converter.BaseProtobufModel;
import com.aliyun.datahub.client.model.protobuf.DatahubProtos.GetRecordsResponse;
import com.google.protobuf.Message;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The records of one answer as the service sent them. The client's own class converts all of them
 * at once and throws for the first one that is malformed.
 */
public final class RawRecords implements BaseProtobufModel {

  private @Nullable GetRecordsResponse response;

  /** Found by the client through reflection. */
  public static Message.Builder newBuilder() {
    return GetRecordsResponse.newBuilder();
  }

  /** The answer. */
  public GetRecordsResponse response() {
    return Objects.requireNonNull(response);
  }

  @Override
  public String getContentType() {
    return "application/x-protobuf";
  }

  @Override
  public @Nullable Message getMessage() {
    return response;
  }

  @Override
  public void setMessage(Message message) {
    response = (GetRecordsResponse) message;
  }
}
