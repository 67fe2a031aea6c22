package io.sagitta.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The five fields of a cron expression. Each is a list of {@code *}, numbers and ranges, with an
 * optional step: {@code 0,30}, {@code 9-17}, {@code *}{@code /5}; months and days of the week also
 * have names.
 */
final class Cron {
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
  private static final List<Unit> UNITS =
      List.of(
          new Unit("minute", 0, 59, List.of()),
          new Unit("hour", 0, 23, List.of()),
          new Unit("day of month", 1, 31, List.of()),
          new Unit("month", 1, 12, MONTHS),
          new Unit("day of week", 0, 7, DAYS));
  private static final Pattern PART =
      Pattern.compile("(\\*|([a-z0-9]{1,3})(?:-([a-z0-9]{1,3}))?)(?:/([0-9]{1,2}))?");

  private record Unit(String name, int least, int most, List<String> names) {
    Optional<Integer> number(String text) {
      if (names.contains(text)) {
        return Optional.of(least + names.indexOf(text));
      }
      return Optional.of(text)
          .filter(t -> t.chars().allMatch(Character::isDigit))
          .map(Integer::parseInt)
          .filter(n -> n >= least && n <= most);
    }
  }

  private Cron() {}

  /** Returns what is wrong with an expression of five fields. */
  static List<String> mistakes(String expression) {
    List<String> mistakes = new ArrayList<>();
    String[] fields = expression.toLowerCase(Locale.ROOT).split(" +", -1);
    for (int i = 0; i < UNITS.size(); i++) {
      Unit unit = UNITS.get(i);
      for (String part : fields[i].split(",", -1)) {
        if (!isGood(part, unit)) {
          mistakes.add(
              "'%s' is no %s of a cron expression: numbers from %d to %d, ranges such as %d-%d,"
                      .formatted(
                          part,
                          unit.name(),
                          unit.least(),
                          unit.most(),
                          unit.least() + 1,
                          unit.most() - 1)
                  + " lists with commas, * for any, */5 for every fifth");
        }
      }
    }
    return mistakes;
  }

  private static boolean isGood(String part, Unit unit) {
    Matcher matcher = PART.matcher(part);
    if (!matcher.matches()) {
      return false;
    }
    boolean stepGood = matcher.group(4) == null || Integer.parseInt(matcher.group(4)) > 0;
    if (matcher.group(1).equals("*")) {
      return stepGood;
    }
    Optional<Integer> from = unit.number(matcher.group(2));
    if (matcher.group(3) == null) {
      return from.isPresent() && stepGood;
    }
    Optional<Integer> to = unit.number(matcher.group(3));
    return from.isPresent() && to.isPresent() && from.get() <= to.get() && stepGood;
  }
}
