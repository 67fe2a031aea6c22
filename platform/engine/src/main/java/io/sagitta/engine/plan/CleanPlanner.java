package io.sagitta.engine.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.definition.CleanStage;
import io.sagitta.definition.Spec;
import io.sagitta.engine.WireSchemas;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Plans clean stages: conversions become arithmetic on doubles, and expectations one more column
 * {@code __reason}, which names the first that a row breaks.
 *
 * <p>An expectation that cannot be worked out for a row (a cast that fails, a division of its own
 * making) counts as broken, so that one bad row never fails its batch.
 */
final class CleanPlanner {
  /** The column that says which expectation a row breaks. */
  static final String REASON = "__reason";

  private static final String ONE_CONDITION =
      "An expectation is one condition over the row, such as distance > 0.";
  private static final ArrowType DOUBLE =
      new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);

  private final Spec spec;
  private final Relations relations;
  private final Sandbox sandbox;
  private final Findings findings;

  CleanPlanner(Spec spec, Relations relations, Sandbox sandbox, Findings findings) {
    this.spec = spec;
    this.relations = relations;
    this.sandbox = sandbox;
    this.findings = findings;
  }

  /** Plans the stage {@code name}, whose one input is known. */
  void plan(String name, CleanStage stage) {
    int before = findings.count();
    String input = stage.inputs().get(0);
    Schema from = relations.schema(input).orElseThrow();
    Map<String, String> conversions = new LinkedHashMap<>();
    Schema to = convert("spec.stages." + name + ".units", input, stage, from, conversions);
    sandbox.define(input, to);
    List<String> reasons = new ArrayList<>();
    for (Map.Entry<String, String> expectation : stage.expect().entrySet()) {
      String path = "spec.stages." + name + ".expect." + expectation.getKey();
      expectation(path, input, expectation.getValue(), to)
          .ifPresent(
              sql ->
                  reasons.add("WHEN NOT " + sql + " THEN " + Names.literal(expectation.getKey())));
    }
    sandbox.undefine(input);
    if (findings.count() == before) {
      relations.put(name, to, query(input, from, conversions, reasons));
    }
  }

  private Schema convert(
      String path, String input, CleanStage stage, Schema from, Map<String, String> conversions) {
    Map<String, UnitSymbol> targets = new LinkedHashMap<>();
    stage
        .units()
        .forEach(
            (column, unit) ->
                conversion(path + "." + column, input, column, unit, from)
                    .ifPresent(
                        c -> {
                          String value = "CAST(" + Names.quoted(column) + " AS DOUBLE)";
                          conversions.put(column, UnitConversion.of(c.from(), c.to()).sql(value));
                          targets.put(column, c.to());
                        }));
    return new Schema(
        from.getFields().stream()
            .map(
                field -> {
                  UnitSymbol target = targets.get(field.getName());
                  return target == null ? field : converted(field, target);
                })
            .toList());
  }

  private record Conversion(UnitSymbol from, UnitSymbol to) {}

  private Optional<Conversion> conversion(
      String path, String input, String column, String unit, Schema schema) {
    Optional<Field> field = Columns.exact(schema, column);
    Optional<UnitSymbol> to = UnitSymbols.find(unit);
    if (field.isEmpty()) {
      findings.error(
          path,
          "'"
              + input
              + "' has no column '"
              + column
              + "'."
              + Names.suggestion(column, Columns.names(schema)));
      return Optional.empty();
    }
    if (to.isEmpty()) {
      findings.error(path, UnitSymbols.unknown(unit));
      return Optional.empty();
    }
    String declared = field.get().getMetadata().get(WireSchemas.UNIT);
    if (declared == null) {
      findings.error(path, undeclared(input, column, unit));
      return Optional.empty();
    }
    Optional<UnitSymbol> from = UnitSymbols.find(declared);
    if (from.isPresent() && !from.get().quantity().equals(to.get().quantity())) {
      findings.error(
          path,
          "Column '"
              + column
              + "' is in "
              + declared
              + ", a "
              + from.get().quantity()
              + ", and "
              + unit
              + " is a "
              + to.get().quantity()
              + ". Name a unit of "
              + from.get().quantity()
              + ".");
      return Optional.empty();
    }
    return from.map(f -> new Conversion(f, to.get()));
  }

  private String undeclared(String input, String column, String unit) {
    String mend =
        spec.sources().containsKey(input)
            ? " Declare it: spec.sources."
                + input
                + ".schema."
                + column
                + ": {…, unit: "
                + unit
                + "}, with the unit that the values come in."
            : " A stage's column keeps its unit only where it passes unchanged: convert before '"
                + input
                + "'.";
    return "Column '" + column + "' of '" + input + "' has no declared unit." + mend;
  }

  private static Field converted(Field field, UnitSymbol to) {
    Map<String, String> metadata = new TreeMap<>(field.getMetadata());
    metadata.put(WireSchemas.UNIT, to.symbol());
    return new Field(field.getName(), new FieldType(true, DOUBLE, null, metadata), null);
  }

  private Optional<String> expectation(String path, String input, String written, Schema schema) {
    int before = findings.count();
    SqlText text = SqlText.of(written);
    String select = "SELECT ";
    SqlText query = new SqlText(select, written, "\n FROM " + Names.quoted(input));
    try {
      List<JsonNode> statements = sandbox.parse(query.sql());
      if (!SqlTree.isOneExpression(statements)) {
        findings.inSql(path, text, 0, ONE_CONDITION);
        return Optional.empty();
      }
      JsonNode expression = SqlTree.selectList(SqlTree.root(statements.get(0))).get(0);
      new SqlRules(SqlScope.ofRow(schema, input), query, path, findings).expression(expression);
      if (findings.count() > before) {
        return Optional.empty();
      }
      String type = sandbox.describe(query.sql()).get(0).type();
      if (!type.equals("BOOLEAN")) {
        findings.inSql(
            path,
            text,
            0,
            "An expectation is true or false, and this is a "
                + type
                + ". Compare it, as in x > 0.");
      }
      if (findings.count() == before) {
        sandbox.probe(query.sql());
        String printed = sandbox.print(statements.get(0));
        String sql = printed.substring(select.length(), printed.lastIndexOf(" FROM "));
        return Optional.of("coalesce(TRY(coalesce(" + sql + ", TRUE)), FALSE)");
      }
    } catch (SqlFault fault) {
      int end = (select + written).getBytes(StandardCharsets.UTF_8).length;
      if (fault.byteOffset().orElse(0) >= end) {
        findings.inSql(path, text, 0, ONE_CONDITION);
      } else if (findings.count() == before) {
        findings.fault(path, query, fault);
      }
    }
    return Optional.empty();
  }

  private static String query(
      String input, Schema from, Map<String, String> conversions, List<String> reasons) {
    List<String> columns = new ArrayList<>();
    for (Field field : from.getFields()) {
      String name = Names.quoted(field.getName());
      String conversion = conversions.get(field.getName());
      columns.add(conversion == null ? name : conversion + " AS " + name);
    }
    String reason =
        reasons.isEmpty() ? "CAST(NULL AS VARCHAR)" : "CASE " + String.join(" ", reasons) + " END";
    return "SELECT *, "
        + reason
        + " AS "
        + Names.quoted(REASON)
        + " FROM (SELECT "
        + String.join(", ", columns)
        + " FROM "
        + Names.quoted(input)
        + ") AS "
        + Names.quoted(input);
  }
}
