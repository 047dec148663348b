package io.millrace.mysql.split;

import java.math.BigInteger;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The integer keys of a table on a server. */
final class ServerIntegerKeys implements IntegerKeys {

  private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);

  private final PlanningQueries queries;
  private final SplitKey key;
  private final boolean unsigned;

  ServerIntegerKeys(PlanningQueries queries, SplitKey key) {
    this.queries = queries;
    this.key = key;
    this.unsigned = key.column().field().unsigned();
  }

  /** An SQLException on its way through code that knows no SQL. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(SQLException cause) {
      super(cause);
    }
  }

  /** A question to the server. */
  @FunctionalInterface
  private interface Question<T> {
    T ask() throws SQLException;
  }

  private static <T> T ask(Question<T> question) {
    try {
      return question.ask();
    } catch (SQLException e) {
      throw new Failed(e);
    }
  }

  @Override
  public long rows() {
    String select = "SELECT " + key.quoted() + " FROM " + key.table();
    return ask(() -> queries.explain(select));
  }

  @Override
  public long estimate() {
    String select = "SELECT " + key.quoted() + " FROM " + key.table() + queries.where("");
    return ask(() -> queries.explain(select));
  }

  @Override
  public Optional<long[]> all(int limit) {
    return ask(
        () ->
            queries.integers(
                key.quoted()
                    + " FROM "
                    + key.table()
                    + queries.where(key.quoted() + " IS NOT NULL")
                    + " ORDER BY "
                    + key.quoted(),
                limit));
  }

  @Override
  public Optional<Range> range() {
    String quoted = key.quoted();
    return ask(
        () ->
            queries
                .query(
                    "MIN(" + quoted + "), MAX(" + quoted + ") FROM " + key.table(),
                    row ->
                        row.next() && row.getString(1) != null
                            ? Optional.of(
                                new Range(
                                    new BigInteger(row.getString(1)),
                                    new BigInteger(row.getString(2)).add(BigInteger.ONE)))
                            : Optional.<Range>empty())
                .flatMap(range -> range));
  }

  @Override
  public long[] estimates(List<Range> ranges) {
    return ask(() -> queries.explain(ranges.stream().map(this::inOrder).toList()));
  }

  /** ORDER BY keeps servers from leaving the look into the index out because of FORCE INDEX. */
  private String inOrder(Range range) {
    return "SELECT "
        + key.quoted()
        + " FROM "
        + key.tableByIndex()
        + queries.where(condition(range))
        + " ORDER BY "
        + key.quoted();
  }

  @Override
  public Sample sample(Range range, int rows) {
    String select =
        "("
            + queries.matching()
            + ") IS TRUE FROM "
            + key.tableByIndex()
            + " WHERE "
            + condition(range)
            + " ORDER BY "
            + key.quoted()
            + " LIMIT "
            + rows;
    return ask(
        () ->
            queries
                .query(
                    select,
                    row -> {
                      int seen = 0;
                      int matching = 0;
                      while (row.next()) {
                        seen++;
                        matching += row.getInt(1);
                      }
                      return new Sample(seen, matching);
                    })
                .orElse(new Sample(0, 0)));
  }

  private String condition(Range range) {
    return key.quoted() + " >= " + range.from() + " AND " + key.quoted() + " < " + range.to();
  }

  @Override
  public boolean hasCondition() {
    return queries.hasCondition();
  }

  @Override
  public BigInteger toInteger(long bits) {
    BigInteger signed = BigInteger.valueOf(bits);
    return unsigned && bits < 0 ? signed.add(TWO_TO_64) : signed;
  }
}
