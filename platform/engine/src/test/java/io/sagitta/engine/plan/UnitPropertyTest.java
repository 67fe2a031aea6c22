package io.sagitta.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.lifecycle.AfterContainer;

/** Laws of conversions, as the SQL that they become computes them. */
class UnitPropertyTest {
  private static final Connection CONNECTION = open();

  /** Two units. */
  record Pair(UnitSymbol from, UnitSymbol to) {}

  private static Connection open() {
    try {
      return DriverManager.getConnection("jdbc:duckdb:");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterContainer
  static void close() throws SQLException {
    CONNECTION.close();
  }

  private static Arbitrary<Pair> any() {
    Arbitrary<UnitSymbol> units = Arbitraries.of(UnitSymbols.all());
    return Combinators.combine(units, units).as(Pair::new);
  }

  @Provide
  Arbitrary<Pair> compatible() {
    List<UnitSymbol> all = UnitSymbols.all();
    return Arbitraries.of(all)
        .flatMap(
            from ->
                Arbitraries.of(
                        all.stream().filter(to -> to.quantity().equals(from.quantity())).toList())
                    .map(to -> new Pair(from, to)));
  }

  @Provide
  Arbitrary<Pair> incompatible() {
    return any().filter(pair -> !pair.from().quantity().equals(pair.to().quantity()));
  }

  @Property(tries = 300)
  void sql_thereAndBack_isWhereItBegan(
      @ForAll("compatible") Pair pair, @ForAll @DoubleRange(min = -1e9, max = 1e9) double value)
      throws SQLException {
    String there = sql(pair.from(), pair.to(), literal(value));
    double back = evaluate(sql(pair.to(), pair.from(), there));
    // Around the zero of another scale, as of kelvin, nothing is closer than that zero.
    assertThat(back).isCloseTo(value, within(1e-12 * (Math.abs(value) + 1_000)));
  }

  @Property(tries = 300)
  void sql_differences_scaleWithoutTheShift(
      @ForAll("compatible") Pair pair,
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double a,
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double b)
      throws SQLException {
    double zero = evaluate(sql(pair.from(), pair.to(), literal(0)));
    double one = evaluate(sql(pair.from(), pair.to(), literal(1)));
    double difference =
        evaluate(
            sql(pair.from(), pair.to(), literal(a))
                + " - "
                + sql(pair.from(), pair.to(), literal(b)));
    double factor = one - zero;
    double scale = Math.abs(factor) * (Math.abs(a) + Math.abs(b)) + Math.abs(zero) * 1e6;
    assertThat(difference).isCloseTo(factor * (a - b), within(1e-9 * scale + Double.MIN_NORMAL));
    assertThat(factor).isPositive();
    if (!pair.from().quantity().equals("temperature")) {
      assertThat(zero).as("only temperatures have zeros of their own").isZero();
    }
  }

  /** A ratio and an angle have no dimension either, and yet are no one quantity. */
  @Property(tries = 60)
  void plan_otherQuantity_isRefusedWithBoth(@ForAll("incompatible") Pair pair) {
    var definitions =
        new Definitions()
                .source("s", "", "t double " + pair.from().symbol())
                .clean("c", "s", Map.of("t", pair.to().symbol()), Map.of())
                .stream("out", List.of("c"));
    assertThat(definitions.plan().problems())
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.message())
                    .contains(pair.from().quantity())
                    .contains(pair.to().quantity()));
  }

  private static String sql(UnitSymbol from, UnitSymbol to, String value) {
    return UnitConversion.of(from, to).sql(value);
  }

  private static String literal(double value) {
    return "(" + value + "::DOUBLE)";
  }

  private static double evaluate(String sql) throws SQLException {
    try (Statement statement = CONNECTION.createStatement();
        ResultSet rows = statement.executeQuery("SELECT " + sql)) {
      rows.next();
      return rows.getDouble(1);
    }
  }
}
