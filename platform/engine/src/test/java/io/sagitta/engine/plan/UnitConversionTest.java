package io.sagitta.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitConversionTest {
  /** Two units of one quantity. */
  record Pair(UnitSymbol from, UnitSymbol to) {}

  @Provide
  Arbitrary<Pair> pairs() {
    List<UnitSymbol> all = UnitSymbols.all();
    return Arbitraries.of(all)
        .flatMap(
            from ->
                Combinators.combine(
                        Arbitraries.just(from),
                        Arbitraries.of(
                            all.stream()
                                .filter(to -> to.quantity().equals(from.quantity()))
                                .toList()))
                    .as(Pair::new));
  }

  @Property(tries = 200)
  void sql_anyPair_agreesWithTheLibrary(
      @ForAll("pairs") Pair pair, @ForAll @DoubleRange(min = -1e9, max = 1e9) double value)
      throws Exception {
    double expected = pair.from().unit().getConverterToAny(pair.to().unit()).convert(value);
    double actual = convert(pair, value);
    double scale = Math.max(Math.abs(expected), 1e-300) + offset(pair);
    assertThat(actual).isCloseTo(expected, within(scale * 1e-13));
  }

  @ParameterizedTest
  @CsvSource({
    "mi, km, 2176, 3501.932544",
    "mi, km, 1, 1.609344",
    "min, s, 33, 1980",
    "°F, °C, 50, 10",
    "°F, °C, -40, -40",
    "°C, °F, 100, 212",
    "°C, K, 0, 273.15",
    "inHg, hPa, 29.92, 1013.20",
    "kn, km/h, 10, 18.52",
    "lb, kg, 1, 0.45359237",
    "gal, l, 1, 3.785411784",
    "%, 1, 12, 0.12",
    "kWh, MJ, 1, 3.6",
    "°, rad, 180, 3.141592653589793",
  })
  void sql_knownValues_areExact(String from, String to, double value, double expected)
      throws SQLException {
    double actual =
        convert(
            new Pair(UnitSymbols.find(from).orElseThrow(), UnitSymbols.find(to).orElseThrow()),
            value);
    if (from.equals("inHg")) {
      assertThat(actual).isCloseTo(expected, within(0.01));
    } else {
      assertThat(actual).isEqualTo(expected);
    }
  }

  private static double convert(Pair pair, double value) throws SQLException {
    String sql = UnitConversion.of(pair.from(), pair.to()).sql("CAST(? AS DOUBLE)");
    try (var connection = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
        var statement = connection.prepareStatement("SELECT " + sql)) {
      statement.setDouble(1, value);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getDouble(1);
      }
    }
  }

  /** What a shift adds to the rounding: nothing is closer than the numbers it is made of. */
  private static double offset(Pair pair) throws Exception {
    return Math.abs(pair.from().unit().getConverterToAny(pair.to().unit()).convert(0.0)) + 1e-300;
  }
}
