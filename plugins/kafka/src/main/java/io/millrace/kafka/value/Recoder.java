package io.millrace.kafka.value;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Turns text of a character set into UTF-8, and refuses what is no text of it rather than to put
 * something else in its place. For one thread.
 */
public final class Recoder {

  private final CharsetDecoder decoder;

  public Recoder(Charset charset) {
    decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /**
   * The text as UTF-8.
   *
   * @throws BadValueException when the bytes are no text of the character set
   */
  public byte[] utf8(byte[] bytes, int offset, int length) throws BadValueException {
    return text(bytes, offset, length).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The text.
   *
   * @throws BadValueException when the bytes are no text of the character set
   */
  public String text(byte[] bytes, int offset, int length) throws BadValueException {
    try {
      return decoder.decode(ByteBuffer.wrap(bytes, offset, length)).toString();
    } catch (CharacterCodingException e) {
      throw new BadValueException(
          "BAD_TEXT",
          "the bytes are no text of "
              + decoder.charset().name()
              + "; see 'encoding' and 'valueType'");
    }
  }
}
