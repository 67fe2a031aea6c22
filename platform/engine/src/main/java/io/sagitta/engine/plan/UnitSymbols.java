package io.sagitta.engine.plan;

import static javax.measure.MetricPrefix.CENTI;
import static javax.measure.MetricPrefix.GIGA;
import static javax.measure.MetricPrefix.HECTO;
import static javax.measure.MetricPrefix.KILO;
import static javax.measure.MetricPrefix.MEGA;
import static javax.measure.MetricPrefix.MICRO;
import static javax.measure.MetricPrefix.MILLI;
import static javax.measure.MetricPrefix.NANO;

import io.sagitta.definition.options.Nearest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.measure.Unit;
import systems.uom.common.USCustomary;
import tech.units.indriya.AbstractUnit;
import tech.units.indriya.unit.Units;

/** The units that a definition may name, in the order of the reference page. */
public final class UnitSymbols {
  private static final List<UnitSymbol> ALL = new ArrayList<>();
  private static final Map<String, UnitSymbol> BY_SPELLING = new LinkedHashMap<>();

  static {
    lengthsAndSpaces();
    timesAndSpeeds();
    massesAndForces();
    temperaturesAndPressures();
    energiesAndElectricity();
    ratiosAndAngles();
    for (UnitSymbol unit : ALL) {
      register(unit.symbol(), unit);
      unit.aliases().forEach(alias -> register(alias, unit));
    }
  }

  private UnitSymbols() {}

  /** Returns every unit. */
  public static List<UnitSymbol> all() {
    return List.copyOf(ALL);
  }

  /** Returns the unit spelt {@code spelling}; case matters, since mW is not MW. */
  public static Optional<UnitSymbol> find(String spelling) {
    return Optional.ofNullable(BY_SPELLING.get(spelling.strip()));
  }

  /** Returns the sentence that refuses {@code spelling}, with the nearest unit. */
  static String unknown(String spelling) {
    return BY_SPELLING.keySet().stream()
        .filter(known -> known.equalsIgnoreCase(spelling.strip()))
        .findFirst()
        .or(() -> Nearest.to(spelling, BY_SPELLING.keySet()))
        .map(nearest -> "Unknown unit '" + spelling + "'. Did you mean '" + nearest + "'?")
        .orElse(
            "Unknown unit '"
                + spelling
                + "'. Units are written as symbols, such as km, min, °C, hPa or %.");
  }

  private static void lengthsAndSpaces() {
    String length = "length";
    add(length, "mm", "millimetre", MILLI(Units.METRE));
    add(length, "cm", "centimetre", CENTI(Units.METRE));
    add(length, "m", "metre", Units.METRE);
    add(length, "km", "kilometre", KILO(Units.METRE));
    add(length, "µm", "micrometre", MICRO(Units.METRE), "um", "\u03bcm");
    add(length, "in", "inch", USCustomary.INCH);
    add(length, "ft", "foot", USCustomary.FOOT);
    add(length, "yd", "yard", USCustomary.YARD);
    add(length, "mi", "mile", USCustomary.MILE);
    add(length, "nmi", "nautical mile", USCustomary.NAUTICAL_MILE);
    String area = "area";
    add(area, "m²", "square metre", Units.SQUARE_METRE, "m2", "m^2");
    add(area, "km²", "square kilometre", Units.SQUARE_METRE.multiply(1_000_000), "km2", "km^2");
    add(area, "ha", "hectare", Units.SQUARE_METRE.multiply(10_000));
    add(area, "ft²", "square foot", USCustomary.FOOT.pow(2), "ft2", "ft^2", "sqft");
    add(area, "ac", "acre", USCustomary.FOOT.pow(2).multiply(43_560), "acre");
    String volume = "volume";
    add(volume, "ml", "millilitre", Units.LITRE.divide(1000), "mL");
    add(volume, "l", "litre", Units.LITRE, "L");
    add(volume, "m³", "cubic metre", Units.CUBIC_METRE, "m3", "m^3");
    add(volume, "ft³", "cubic foot", USCustomary.FOOT.pow(3), "ft3", "ft^3");
    add(volume, "gal", "US gallon", USCustomary.GALLON_LIQUID);
    add(volume, "bbl", "oil barrel", USCustomary.GALLON_LIQUID.multiply(42));
  }

  private static void timesAndSpeeds() {
    String time = "time";
    add(time, "ns", "nanosecond", NANO(Units.SECOND));
    add(time, "µs", "microsecond", MICRO(Units.SECOND), "us", "\u03bcs");
    add(time, "ms", "millisecond", MILLI(Units.SECOND));
    add(time, "s", "second", Units.SECOND, "sec");
    add(time, "min", "minute", Units.MINUTE);
    add(time, "h", "hour", Units.HOUR, "hr");
    add(time, "d", "day", Units.DAY);
    add(time, "wk", "week", Units.WEEK);
    String frequency = "frequency";
    add(frequency, "Hz", "hertz", Units.HERTZ);
    add(frequency, "kHz", "kilohertz", KILO(Units.HERTZ));
    add(frequency, "MHz", "megahertz", MEGA(Units.HERTZ));
    add(frequency, "GHz", "gigahertz", GIGA(Units.HERTZ));
    add(frequency, "rpm", "revolutions per minute", Units.HERTZ.divide(60));
    String speed = "speed";
    add(speed, "m/s", "metre per second", Units.METRE_PER_SECOND, "mps");
    add(speed, "km/h", "kilometre per hour", Units.KILOMETRE_PER_HOUR, "kph", "kmh");
    add(speed, "mph", "mile per hour", USCustomary.MILE_PER_HOUR, "mi/h");
    add(speed, "kn", "knot", USCustomary.KNOT, "kt");
    add(speed, "ft/s", "foot per second", USCustomary.FOOT.divide(Units.SECOND), "fps");
    add(speed, "ft/min", "foot per minute", USCustomary.FOOT.divide(Units.MINUTE), "fpm");
    Unit<?> acceleration = Units.METRE_PER_SQUARE_SECOND;
    add("acceleration", "m/s²", "metre per square second", acceleration, "m/s2", "m/s^2");
  }

  private static void massesAndForces() {
    String mass = "mass";
    add(mass, "mg", "milligram", MILLI(Units.GRAM));
    add(mass, "g", "gram", Units.GRAM);
    add(mass, "kg", "kilogram", Units.KILOGRAM);
    add(mass, "t", "tonne", Units.KILOGRAM.multiply(1000));
    add(mass, "oz", "ounce", Units.KILOGRAM.multiply(new BigDecimal("0.028349523125")));
    add(mass, "lb", "pound", Units.KILOGRAM.multiply(new BigDecimal("0.45359237")), "lbs");
    String force = "force";
    add(force, "N", "newton", Units.NEWTON);
    add(force, "kN", "kilonewton", KILO(Units.NEWTON));
    add(force, "lbf", "pound-force", Units.NEWTON.multiply(new BigDecimal("4.4482216152605")));
  }

  private static void temperaturesAndPressures() {
    String temperature = "temperature";
    add(temperature, "K", "kelvin", Units.KELVIN);
    add(temperature, "°C", "degree Celsius", Units.CELSIUS, "degC", "℃");
    add(temperature, "°F", "degree Fahrenheit", USCustomary.FAHRENHEIT, "degF", "℉");
    String pressure = "pressure";
    add(pressure, "Pa", "pascal", Units.PASCAL);
    add(pressure, "hPa", "hectopascal", HECTO(Units.PASCAL));
    add(pressure, "kPa", "kilopascal", KILO(Units.PASCAL));
    add(pressure, "MPa", "megapascal", MEGA(Units.PASCAL));
    add(pressure, "mbar", "millibar", Units.PASCAL.multiply(100));
    add(pressure, "bar", "bar", Units.PASCAL.multiply(100_000));
    add(pressure, "atm", "standard atmosphere", Units.PASCAL.multiply(101_325));
    Unit<?> psi = Units.PASCAL.multiply(new BigDecimal("6894.757293168361"));
    add(pressure, "psi", "pound per square inch", psi);
    Unit<?> mercury = Units.PASCAL.multiply(new BigDecimal("133.322387415"));
    add(pressure, "mmHg", "millimetre of mercury", mercury);
    add(pressure, "inHg", "inch of mercury", mercury.multiply(new BigDecimal("25.4")));
  }

  private static void energiesAndElectricity() {
    String energy = "energy";
    add(energy, "J", "joule", Units.JOULE);
    add(energy, "kJ", "kilojoule", KILO(Units.JOULE));
    add(energy, "MJ", "megajoule", MEGA(Units.JOULE));
    add(energy, "Wh", "watt hour", Units.JOULE.multiply(3600));
    add(energy, "kWh", "kilowatt hour", Units.JOULE.multiply(3_600_000));
    add(energy, "MWh", "megawatt hour", Units.JOULE.multiply(3_600_000_000L));
    add(energy, "kcal", "kilocalorie", Units.JOULE.multiply(4184));
    String power = "power";
    add(power, "mW", "milliwatt", MILLI(Units.WATT));
    add(power, "W", "watt", Units.WATT);
    add(power, "kW", "kilowatt", KILO(Units.WATT));
    add(power, "MW", "megawatt", MEGA(Units.WATT));
    Unit<?> horsepower = Units.WATT.multiply(new BigDecimal("745.69987158227022"));
    add(power, "hp", "mechanical horsepower", horsepower);
    String voltage = "voltage";
    add(voltage, "mV", "millivolt", MILLI(Units.VOLT));
    add(voltage, "V", "volt", Units.VOLT);
    add(voltage, "kV", "kilovolt", KILO(Units.VOLT));
    String current = "electric current";
    add(current, "mA", "milliampere", MILLI(Units.AMPERE));
    add(current, "A", "ampere", Units.AMPERE);
    add("electric resistance", "\u03a9", "ohm", Units.OHM, "ohm", "\u2126");
    String charge = "electric charge";
    add(charge, "mAh", "milliampere hour", Units.COULOMB.multiply(new BigDecimal("3.6")));
    add(charge, "Ah", "ampere hour", Units.COULOMB.multiply(3600));
  }

  private static void ratiosAndAngles() {
    String ratio = "ratio";
    add(ratio, "1", "one", AbstractUnit.ONE);
    add(ratio, "%", "per cent", Units.PERCENT);
    add(ratio, "‰", "per mille", AbstractUnit.ONE.divide(1000));
    add(ratio, "ppm", "part per million", AbstractUnit.ONE.divide(1_000_000));
    String angle = "angle";
    add(angle, "rad", "radian", Units.RADIAN);
    add(angle, "°", "degree", USCustomary.DEGREE_ANGLE, "deg");
  }

  private static void add(
      String quantity, String symbol, String name, Unit<?> unit, String... aliases) {
    ALL.add(new UnitSymbol(symbol, List.of(aliases), name, quantity, unit));
  }

  private static void register(String spelling, UnitSymbol unit) {
    if (BY_SPELLING.put(spelling, unit) != null) {
      throw new IllegalStateException("Two units are spelt " + spelling);
    }
  }
}
