package io.sagitta.engine.plan;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import javax.measure.IncommensurableException;
import javax.measure.UnitConverter;
import tech.units.indriya.function.AddConverter;
import tech.units.indriya.function.MultiplyConverter;
import tech.units.indriya.function.RationalNumber;

/**
 * How numbers in one unit become numbers in another: {@code (x * factor + shift) / divisor}.
 *
 * <p>Whole numbers up to 2^53 are exact as doubles, so a conversion by a fraction rounds once per
 * operation and {@code 2176 mi} are {@code 3501.932544 km} and not {@code 3501.9325440000002}.
 * Fractions with larger parts are rounded to a double first.
 */
final class UnitConversion {
  private static final BigInteger EXACT = BigInteger.ONE.shiftLeft(53);

  private final double factor;
  private final double shift;
  private final double divisor;

  private UnitConversion(double factor, double shift, double divisor) {
    this.factor = factor;
    this.shift = shift;
    this.divisor = divisor;
  }

  /** Returns how {@code from} becomes {@code to}, which measure the same quantity. */
  static UnitConversion of(UnitSymbol from, UnitSymbol to) {
    UnitConverter converter;
    try {
      converter = from.unit().getConverterToAny(to.unit());
    } catch (IncommensurableException e) {
      throw new IllegalArgumentException(from.symbol() + " does not convert to " + to.symbol(), e);
    }
    RationalNumber factor = RationalNumber.ONE;
    RationalNumber shift = RationalNumber.ZERO;
    var steps = converter.getConversionSteps();
    for (int i = steps.size() - 1; i >= 0; i--) {
      UnitConverter step = steps.get(i);
      if (step instanceof AddConverter add) {
        shift = shift.add(rational(add.getOffset()));
      } else if (step instanceof MultiplyConverter multiply) {
        RationalNumber by = rational(multiply.getFactor());
        factor = factor.multiply(by);
        shift = shift.multiply(by);
      } else if (!step.isIdentity()) {
        // Only factors of pi come here: irrational, so that no fraction is exact.
        RationalNumber by = rational(step.convert(BigInteger.ONE));
        factor = factor.multiply(by);
        shift = shift.multiply(by);
      }
    }
    return of(factor, shift);
  }

  private static UnitConversion of(RationalNumber factor, RationalNumber shift) {
    BigInteger a = factor.getDividend();
    BigInteger b = factor.getDivisor();
    BigInteger c = shift.getDividend();
    BigInteger d = shift.getDivisor();
    BigInteger divisor = b.multiply(d).divide(b.gcd(d));
    BigInteger multiplier = a.multiply(divisor.divide(b));
    BigInteger offset = c.multiply(divisor.divide(d));
    if (isExact(multiplier) && isExact(offset) && isExact(divisor)) {
      return new UnitConversion(
          multiplier.doubleValue(), offset.doubleValue(), divisor.doubleValue());
    }
    return new UnitConversion(quotient(a, b), quotient(c, d), 1);
  }

  /** Returns the SQL that converts the SQL {@code value}, a double. */
  String sql(String value) {
    String product = factor == 1 ? value : value + " * " + literal(factor);
    String sum = shift == 0 ? product : product + " + " + literal(shift);
    if (divisor == 1) {
      return "(" + sum + ")";
    }
    return "((" + sum + ") / " + literal(divisor) + ")";
  }

  private static String literal(double value) {
    String digits = value == Math.rint(value) ? Long.toString((long) value) : "" + value;
    String number = digits.contains("E") ? digits : digits + "e0";
    return value < 0 ? "(" + number + ")" : number;
  }

  private static boolean isExact(BigInteger value) {
    return value.abs().compareTo(EXACT) <= 0;
  }

  private static double quotient(BigInteger dividend, BigInteger divisor) {
    return new BigDecimal(dividend)
        .divide(new BigDecimal(divisor), MathContext.DECIMAL128)
        .doubleValue();
  }

  private static RationalNumber rational(Number number) {
    if (number instanceof RationalNumber rational) {
      return rational;
    }
    BigDecimal decimal = new BigDecimal(number.toString());
    BigInteger scale = BigInteger.TEN.pow(Math.max(0, decimal.scale()));
    return RationalNumber.of(decimal.multiply(new BigDecimal(scale)).toBigIntegerExact(), scale);
  }
}
