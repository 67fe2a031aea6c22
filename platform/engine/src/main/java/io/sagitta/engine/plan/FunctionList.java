package io.sagitta.engine.plan;

import io.sagitta.definition.options.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The functions that SQL in a definition may call: those that give the same result whenever and
 * wherever a step is repeated. The engine's own stability flags do not say that much.
 */
public final class FunctionList {

  /** How a function may be called. */
  public enum Kind {
    /** On one row. */
    SCALAR,
    /** On many rows, whatever their order. */
    AGGREGATE,
    /** On many rows in an order, which must be given by ORDER BY. */
    ORDERED_AGGREGATE,
    /** On many rows with OVER and an ORDER BY. */
    WINDOW
  }

  private static final String OPERATORS =
      """
      + - * / // % ** ^ || & | << >> ~ ~~ !~~ ~~* !~~* ^@ ->>
      like_escape not_like_escape ilike_escape not_ilike_escape
      """;
  private static final String NUMBERS =
      """
      abs acos acosh add asin asinh atan atan2 atanh bit_count cbrt ceil ceiling cos cosh cot
      degrees divide even exp factorial fdiv floor fmod gamma gcd greatest
      greatest_common_divisor isfinite isinf isnan lcm least least_common_multiple lgamma ln log
      log10 log2 mod multiply nextafter pi pow power radians round round_even roundbankers sign
      signbit sin sinh sqrt subtract tan tanh trunc xor
      """;
  private static final String STRINGS =
      """
      ascii base64 bin bit_length char_length character_length chr concat concat_ws contains
      damerau_levenshtein decode editdist3 encode ends_with from_base64 from_hex hamming hex instr
      jaccard jaro_similarity jaro_winkler_similarity lcase left left_grapheme len length
      length_grapheme levenshtein lower lpad ltrim md5 mismatches nfc_normalize octet_length ord
      position prefix regexp_escape regexp_extract regexp_extract_all regexp_full_match
      regexp_matches regexp_replace regexp_split_to_array repeat replace reverse right
      right_grapheme rpad rtrim sha1 sha256 split split_part starts_with str_split string_split
      string_to_array strip_accents strlen strpos substr substring substring_grapheme suffix
      to_base64 to_hex translate trim ucase unhex unicode upper url_decode url_encode
      """;
  private static final String TIMES =
      """
      age century date_add date_diff date_part date_sub date_trunc datediff datepart datesub
      datetrunc day dayname dayofmonth dayofweek dayofyear days_in_month decade epoch epoch_ms
      epoch_ns epoch_us era hour isodow isoyear julian last_day make_date make_timestamp
      make_timestamp_ms make_timestamp_ns make_timestamptz microsecond millennium millisecond
      minute month monthname nanosecond quarter second strftime strptime time_bucket timezone
      timezone_hour timezone_minute to_centuries to_days to_decades to_hours to_microseconds
      to_millennia to_milliseconds to_minutes to_months to_quarters to_seconds to_timestamp
      to_weeks to_years try_strptime week weekday weekofyear year yearweek
      """;
  private static final String VALUES =
      """
      array_contains array_extract array_has array_length array_slice array_to_string
      array_transform array_value flatten json json_array json_array_length json_contains
      json_exists json_extract json_extract_path json_extract_path_text json_extract_string
      json_keys json_merge_patch json_object json_quote json_type json_valid json_value list_apply
      list_avg list_concat list_contains list_count list_element list_extract list_filter list_has
      list_has_all list_has_any list_max list_min list_pack list_position list_reduce
      list_reverse list_slice list_sort list_sum list_transform list_value nullif row
      struct_extract struct_pack to_json constant_or_null
      """;
  private static final String AGGREGATES =
      """
      approx_count_distinct avg bit_and bit_or bit_xor bool_and bool_or corr count count_if
      count_star countif covar_pop covar_samp entropy favg fsum geomean geometric_mean kahan_sum
      kurtosis kurtosis_pop mad max mean median min product quantile quantile_cont quantile_disc
      regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy
      sem skewness stddev stddev_pop stddev_samp sum sum_no_overflow sumkahan var_pop var_samp
      variance wavg weighted_avg
      """;
  private static final String ORDERED_AGGREGATES =
      """
      arg_max arg_max_null arg_min arg_min_null argmax argmin array_agg first group_concat last
      list listagg max_by min_by mode string_agg
      """;
  private static final String WINDOWS =
      """
      cume_dist dense_rank fill first_value lag last_value lead nth_value ntile percent_rank rank
      rank_dense row_number
      """;

  private static final Map<String, Kind> KINDS = new HashMap<>();

  static {
    for (String scalars : List.of(OPERATORS, NUMBERS, STRINGS, TIMES, VALUES)) {
      put(scalars, Kind.SCALAR);
    }
    put(AGGREGATES, Kind.AGGREGATE);
    put(ORDERED_AGGREGATES, Kind.ORDERED_AGGREGATE);
    put(WINDOWS, Kind.WINDOW);
  }

  private FunctionList() {}

  /** Returns how the function {@code name} may be called; empty if it may not. */
  public static Optional<Kind> kind(String name) {
    return Optional.ofNullable(KINDS.get(Names.folded(name)));
  }

  /** Returns the names of every function of {@code kind}, operators included, in order. */
  public static List<String> names(Kind kind) {
    TreeSet<String> names = new TreeSet<>();
    KINDS.forEach(
        (name, k) -> {
          if (k == kind) {
            names.add(name);
          }
        });
    return new ArrayList<>(names);
  }

  /** Returns the sentence that refuses {@code name}: why, and what to write instead. */
  static String refusal(String name) {
    return "Function '"
        + name
        + "' "
        + reason(Names.folded(name))
            .orElseGet(
                () ->
                    "is not among those that a pipeline may call."
                        + Nearest.to(name, KINDS.keySet())
                            .map(n -> " Did you mean '" + n + "'?")
                            .orElse(" The reference page lists them."));
  }

  private static Optional<String> reason(String name) {
    String reason =
        switch (name) {
          case "now",
              "today",
              "current_date",
              "current_time",
              "current_timestamp",
              "current_localtime",
              "current_localtimestamp",
              "localtime",
              "localtimestamp",
              "get_current_time",
              "get_current_timestamp",
              "transaction_timestamp",
              "ago" ->
              "reads the clock, and a step that is repeated must give the same rows. Use"
                  + " event_time, or window_end in a window.";
          case "random", "setseed", "uuid", "gen_random_uuid", "uuidv4", "uuidv7" ->
              "gives another value each time, and a step that is repeated must give the same rows."
                  + " For a stable id hash the columns that identify a row: md5(a || '|' || b).";
          case "any_value", "arbitrary" ->
              "takes whichever row comes first. Say which: min(x), max(x) or first(x ORDER BY"
                  + " event_time, y).";
          case "approx_quantile", "reservoir_quantile", "approx_top_k" ->
              "depends on the order of rows. Use quantile_cont(x, 0.99).";
          case "hash", "md5_number" ->
              "may change with the engine's version. Use md5(x) or sha256(x).";
          case "unnest",
              "generate_series",
              "range",
              "generate_subscripts",
              "regexp_split_to_table" ->
              "makes several rows of one, so that rows in and rows out no longer add up. Split rows"
                  + " before they come in.";
          case "error" ->
              "would stop the pipeline. Write an expectation in a clean stage: rows that break it"
                  + " go to quarantine.";
          case "printf", "format" -> "can make text of any length. Use concat, || and round.";
          case "getvariable",
              "current_setting",
              "current_user",
              "current_role",
              "session_user",
              "user",
              "current_database",
              "current_schema",
              "current_schemas",
              "current_catalog",
              "current_query",
              "txid_current",
              "version",
              "getenv",
              "nextval",
              "currval" ->
              "reads the engine's own state, which differs from node to node. Use ${param:name}.";
          default -> "";
        };
    return reason.isEmpty() ? Optional.empty() : Optional.of(reason);
  }

  private static void put(String names, Kind kind) {
    Arrays.stream(names.strip().split("\\s+")).forEach(name -> KINDS.put(name, kind));
  }
}
