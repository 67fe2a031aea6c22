package io.sagitta.connectors.file;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.ScanConnector;
import io.sagitta.definition.EventTime;
import io.sagitta.definition.FileSource;
import io.sagitta.definition.Format;
import io.sagitta.definition.Source;
import io.sagitta.engine.WireSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/** Scans Parquet files. Consecutive files of the same columns are read as one. */
public final class ParquetScanConnector implements ScanConnector {

  @Override
  public boolean serves(Source source) {
    return source instanceof FileSource file && file.format() == Format.PARQUET && !file.follow();
  }

  @Override
  public Scan scan(String name, Source source, Reach reach, DuckDBConnection engine)
      throws ConnectorException {
    FileSource files = (FileSource) source;
    FileList list = FileList.of(files.path(), reach);
    try {
      List<Group> groups = new ArrayList<>();
      long bytes = 0;
      for (String file : list.names()) {
        Path path = list.file(file);
        bytes += Files.size(path);
        Map<String, String> columns = columns(path, engine);
        Set<String> sound = sound(path, columns, engine);
        add(path, columns, sound, files.eventTime().isEmpty(), groups);
      }
      if (groups.isEmpty()) {
        throw new ConnectorException(
            "Source " + name + ": " + files.path() + " holds no file. Correct path");
      }
      return scan(name, files, groups, bytes);
    } catch (IOException e) {
      throw new ConnectorException("Source " + name + " cannot be read: " + e, e);
    }
  }

  /** Files that are read by one query. */
  private record Group(List<Path> files, Map<String, String> columns, Set<String> sound) {
    String relation() {
      return files.stream()
          .map(f -> ColumnMapping.quoted(f.toString()))
          .collect(Collectors.joining(", ", "read_parquet([", "], hive_partitioning = false)"));
    }
  }

  private static void add(
      Path file,
      Map<String, String> columns,
      Set<String> sound,
      boolean alone,
      List<Group> groups) {
    if (!alone && !groups.isEmpty()) {
      Group last = groups.get(groups.size() - 1);
      if (List.copyOf(last.columns().entrySet()).equals(List.copyOf(columns.entrySet()))) {
        last.files().add(file);
        last.sound().retainAll(sound);
        return;
      }
    }
    groups.add(new Group(new ArrayList<>(List.of(file)), columns, new HashSet<>(sound)));
  }

  private static Scan scan(String name, FileSource source, List<Group> groups, long bytes)
      throws IOException, ConnectorException {
    List<String> rows = new ArrayList<>();
    List<String> rejects = new ArrayList<>();
    for (Group group : groups) {
      String first = group.files().get(0).toString();
      ColumnMapping mapping =
          ColumnMapping.of(
              first,
              group.columns(),
              source.schema(),
              source.eventTime().map(EventTime::field),
              group.sound());
      String time =
          source.eventTime().isPresent()
              ? ""
              : ", TIMESTAMPTZ '%s' AS %s"
                  .formatted(
                      Files.getLastModifiedTime(group.files().get(0)).toInstant(),
                      WireSchemas.EVENT_TIME);
      String fits = mapping.reason().map(r -> " WHERE " + r + " IS NULL").orElse("");
      rows.add("SELECT " + mapping.columns() + time + " FROM " + group.relation() + fits);
      if (mapping.reason().isPresent()) {
        String relation = "(SELECT * FROM " + group.relation() + ")";
        rejects.add(TypedRows.rejects(relation, mapping, name, first));
      }
    }
    return new Scan(
        String.join(" UNION ALL ", rows),
        rejects.isEmpty() ? Optional.empty() : Optional.of(String.join(" UNION ALL ", rejects)),
        groups.stream().flatMap(group -> group.files().stream()).toList(),
        bytes);
  }

  /** Returns the columns whose statistics show what would otherwise be asked of each row. */
  private static Set<String> sound(Path file, Map<String, String> columns, DuckDBConnection engine)
      throws ConnectorException {
    Set<String> sound = new HashSet<>();
    try (Statement statement = engine.createStatement();
        ResultSet statistics =
            statement.executeQuery(
                "SELECT path_in_schema, bool_and(coalesce(stats_null_count, 1) = 0),"
                    + " bool_and(coalesce(TRY_CAST(stats_min_value AS TIMESTAMPTZ) >= TIMESTAMPTZ"
                    + " '0001-01-01 00:00:00+00' AND TRY_CAST(stats_max_value AS TIMESTAMPTZ) <"
                    + " TIMESTAMPTZ '9999-12-31 00:00:00+00', false)) FROM parquet_metadata("
                    + ColumnMapping.quoted(file.toString())
                    + ") GROUP BY ALL")) {
      while (statistics.next()) {
        String column = statistics.getString(1);
        boolean time = columns.getOrDefault(column, "").startsWith("TIMESTAMP");
        if (statistics.getBoolean(2) && (!time || statistics.getBoolean(3))) {
          sound.add(column);
        }
      }
      return sound;
    } catch (SQLException e) {
      throw ParquetChunks.failed(file, e);
    }
  }

  private static Map<String, String> columns(Path file, DuckDBConnection engine)
      throws ConnectorException {
    Map<String, String> columns = new LinkedHashMap<>();
    try (Statement statement = engine.createStatement();
        ResultSet described =
            statement.executeQuery(
                "DESCRIBE SELECT * FROM read_parquet("
                    + ColumnMapping.quoted(file.toString())
                    + ", hive_partitioning = false)")) {
      while (described.next()) {
        columns.put(described.getString(1), described.getString(2));
      }
      return columns;
    } catch (SQLException e) {
      throw ParquetChunks.failed(file, e);
    }
  }
}
