package io.millrace.files.option;

import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Options of DataX and DataWorks that would change what is read or written and are not known here:
 * a task that sets one is refused, since a note about it would be read too late. Stateless.
 */
public final class ForeignOptions {

  /** A value that is what happens anyway is no reason to refuse. */
  private record Refused(ConfigOption<Object> option, List<String> harmless, String instead) {

    static Refused of(String name, List<String> harmless, String instead) {
      return new Refused(
          ConfigOption.json(name, "Not supported: " + instead + ".").withOpenContent(),
          harmless,
          instead);
    }
  }

  private static final Refused SYNC_MODE =
      Refused.of("syncMode", List.of("data"), "files are read and written as rows, not copied");
  private static final Refused MARK_DONE =
      Refused.of(
          "markDoneFileName",
          List.of(),
          "a writer marks that it is complete with successFile, and a reader waits for nothing");
  private static final Refused BYTE_ENCODING =
      Refused.of("byteEncoding", List.of("base64"), "bytes are base64 in text");

  private static final List<Refused> READER = List.of(SYNC_MODE, MARK_DONE, BYTE_ENCODING);
  private static final List<Refused> WRITER =
      List.of(
          SYNC_MODE,
          MARK_DONE,
          BYTE_ENCODING,
          Refused.of("markDoingFileName", List.of(), "nobody sees a file before it is complete"),
          Refused.of("quoteChar", List.of("\""), "values of csv stand in double quotes"),
          Refused.of("csvWriterConfig", List.of("{}"), "csv is written as RFC 4180 says"));

  private ForeignOptions() {}

  /** Those of readers. */
  public static List<ConfigOption<?>> ofReaders() {
    return declared(READER);
  }

  /** Those of writers. */
  public static List<ConfigOption<?>> ofWriters() {
    return declared(WRITER);
  }

  private static List<ConfigOption<?>> declared(List<Refused> refused) {
    List<ConfigOption<?>> options = new ArrayList<>();
    refused.forEach(each -> options.add(each.option()));
    return options;
  }

  /** Refuses a task that sets one of them for its reader. */
  public static void refuseReaders(Options options) {
    refuse(options, READER);
  }

  /** Refuses a task that sets one of them for its writer. */
  public static void refuseWriters(Options options) {
    refuse(options, WRITER);
  }

  private static void refuse(Options options, List<Refused> refused) {
    for (Refused each : refused) {
      Object value = options.find(each.option()).orElse("");
      boolean empty = value.toString().isBlank() || Map.of().equals(value);
      if (!empty && !each.harmless().contains(value.toString())) {
        throw FormatOptions.wrong(
            "option '" + each.option().key() + "' is not supported: " + each.instead());
      }
    }
  }
}
