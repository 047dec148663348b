package io.millrace.server.route;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.millrace.api.error.MillraceException;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.problem.ProblemKind;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a body. Jackson's own words quote values, which may be secrets. */
final class JsonProblems {

  private JsonProblems() {}

  static ProblemException of(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProblemException problem) {
        return problem;
      }
      if (cause instanceof MillraceException refusal) {
        // Of a record that checks itself, in one line.
        return new ProblemException(ProblemKind.BAD_REQUEST, refusal.getMessage());
      }
      if (cause instanceof StreamConstraintsException) {
        return new ProblemException(
            ProblemKind.BAD_REQUEST, "the body is nested too deeply or holds too long a value");
      }
    }
    if (failure instanceof StreamReadException syntax) {
      JsonLocation at = syntax.getLocation();
      return new ProblemException(
          ProblemKind.BAD_REQUEST,
          "the body is not JSON, from line " + at.getLineNr() + ", column " + at.getColumnNr());
    }
    if (failure instanceof JsonMappingException mapping) {
      return ofMapping(mapping);
    }
    return new ProblemException(ProblemKind.BAD_REQUEST, "the body is not JSON in UTF-8");
  }

  private static ProblemException ofMapping(JsonMappingException mapping) {
    String field = field(mapping);
    if (mapping instanceof UnrecognizedPropertyException) {
      return field.isEmpty()
          ? new ProblemException(ProblemKind.BAD_REQUEST, "the body has an unknown field")
          : ProblemException.field(field, "is not known here");
    }
    String expected =
        mapping instanceof MismatchedInputException mismatch
            ? expected(mismatch.getTargetType())
            : "has a value that is not allowed";
    return field.isEmpty()
        ? new ProblemException(ProblemKind.BAD_REQUEST, "the body must be a JSON object")
        : ProblemException.field(field, expected);
  }

  private static String expected(@Nullable Class<?> type) {
    if (type == null) {
      return "has a value that is not allowed";
    }
    if (type.isEnum()) {
      return "must be one of "
          + Arrays.stream(type.getEnumConstants())
              .map(Object::toString)
              .reduce((one, other) -> one + ", " + other)
              .orElse("nothing");
    }
    if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
      return "must be a whole number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "must be true or false";
    }
    if (type == String.class) {
      return "must be text";
    }
    return "must be a " + type.getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static String field(JsonMappingException mapping) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference part : mapping.getPath()) {
      if (part.getFieldName() != null) {
        path.append(path.isEmpty() ? "" : ".").append(printable(part.getFieldName()));
      } else if (part.getIndex() >= 0) {
        path.append('[').append(part.getIndex()).append(']');
      }
    }
    return path.toString();
  }

  private static String printable(String name) {
    String cut = name.length() > 64 ? name.substring(0, 64) : name;
    return cut.replaceAll("[^A-Za-z0-9_.-]", "?");
  }
}
