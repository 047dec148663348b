package io.millrace.datahub.connect;

import com.aliyun.datahub.client.impl.request.protobuf.GetRecordsRequestPB;
import retrofit2.Call;
import retrofit2.http.Body;
import retrofit2.http.Headers;
import retrofit2.http.POST;
import retrofit2.http.Path;

/** The one call whose answer is taken as it is. */
interface RawService {

  @POST("projects/{project}/topics/{topic}/shards/{shard}")
  @Headers("x-datahub-request-action:sub")
  Call<RawRecords> records(
      @Path("project") String project,
      @Path("topic") String topic,
      @Path("shard") String shard,
      @Body GetRecordsRequestPB request);
}
