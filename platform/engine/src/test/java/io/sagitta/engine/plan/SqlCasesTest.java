package io.sagitta.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.plan.SqlCases.SqlCase;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SqlCasesTest {

  static List<SqlCase> refused() {
    return SqlCases.read("refused-sql.txt");
  }

  static List<SqlCase> accepted() {
    return SqlCases.read("accepted-sql.txt");
  }

  @ParameterizedTest
  @MethodSource("refused")
  void plan_badQuery_saysWhereWhatAndHow(SqlCase query) {
    assertThat(query.definitions().plan().plan()).isEmpty();
    assertThat(query.actual()).isEqualTo(query.expected());
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void plan_goodQuery_infersItsColumns(SqlCase query) {
    assertThat(query.actual()).isEqualTo(query.expected());
  }
}
