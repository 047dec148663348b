package io.millrace.dist.client;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** Reads what is sent from files, or from standard input for {@code -}. */
final class InputFile {

  static final String HELP = "A file of JSON or YAML; - for standard input.";

  /** More than a server takes. */
  private static final int MOST = 8 << 20;

  private InputFile() {}

  /** The whole file. */
  static String text(ClientContext context, String file) {
    try (InputStream in = file.equals("-") ? context.in() : Files.newInputStream(Path.of(file))) {
      byte[] all = in.readNBytes(MOST + 1);
      if (all.length > MOST) {
        throw ClientError.INPUT.because(file + " is larger than " + (MOST >> 20) + " MB");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(all)).toString();
    } catch (CharacterCodingException e) {
      throw ClientError.INPUT.because(file + " is not in UTF-8", e);
    } catch (IOException | java.nio.file.InvalidPathException e) {
      throw ClientError.INPUT.because("the file " + file + " cannot be read", e);
    }
  }

  /** A file that holds fields. */
  static ObjectNode object(ClientContext context, String file) {
    String text = text(context, file);
    try {
      JsonNode node =
          text.stripLeading().startsWith("{")
              ? Json.MAPPER.readTree(text)
              : Json.MAPPER.valueToTree(yaml().load(text));
      if (node instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException | YAMLException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw ClientError.INPUT.because(file + " is neither JSON nor YAML: " + reason, e);
    }
    throw ClientError.INPUT.because(file + " must hold fields, such as 'name: value'");
  }

  /** As JSON has values: times and dates stay texts, while YAML would make numbers of some. */
  private static Yaml yaml() {
    Resolver values =
        new Resolver() {
          @Override
          protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, Pattern.compile("true|false"), "tf");
            addImplicitResolver(Tag.INT, Pattern.compile("-?(0|[1-9][0-9]{0,17})"), "-0123456789");
            addImplicitResolver(Tag.NULL, Pattern.compile("null|~|"), "n~\0");
          }
        };
    DumperOptions dumping = new DumperOptions();
    LoaderOptions loading = new LoaderOptions();
    loading.setAllowDuplicateKeys(false);
    return new Yaml(
        new SafeConstructor(loading), new Representer(dumping), dumping, loading, values);
  }
}
