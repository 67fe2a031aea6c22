package io.sagitta.connectors.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.RunSinkConnector;
import io.sagitta.definition.ParquetSink;
import io.sagitta.definition.Sink;
import io.sagitta.policy.Access;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Writes a folder of Parquet files as one run's whole result. The run writes into a hidden folder
 * beside the target and takes its place when it commits: the folder then holds this run's rows and
 * no others. A folder that holds anything but an earlier run of the same pipeline is left alone,
 * and the run refused.
 */
public final class ParquetRunConnector implements RunSinkConnector {
  private static final String OWNER = "_sagitta/run";

  @Override
  public boolean serves(Sink sink) {
    return sink instanceof ParquetSink;
  }

  @Override
  public Path folder(Sink sink, Reach reach) throws ConnectorException {
    return next(reach.files(((ParquetSink) sink).path(), Access.WRITE));
  }

  private static Path next(Path target) {
    return target.resolveSibling("." + target.getFileName() + ".next");
  }

  @Override
  public RunSink open(Sink sink, Reach reach, String pipeline, String run, Schema schema)
      throws ConnectorException {
    ParquetSink parquet = (ParquetSink) sink;
    List<PartitionColumn> partitions = PartitionColumn.parse(parquet.partitionBy(), schema);
    Path target = reach.files(parquet.path(), Access.WRITE);
    Path parent = target.getParent();
    if (parent == null) {
      throw new ConnectorException("path: " + target + " is no folder to write to");
    }
    Path next = next(target);
    Path last = parent.resolve("." + target.getFileName() + ".last");
    try {
      Files.createDirectories(parent);
      if (Files.exists(last) && !Files.exists(target)) {
        // A run died between its two renames.
        Files.move(last, target, StandardCopyOption.ATOMIC_MOVE);
      }
      Folders.delete(last);
      Folders.delete(next);
      checkOwner(target, pipeline);
      Files.createDirectories(next.resolve(OWNER).getParent());
      Files.writeString(next.resolve(OWNER), pipeline + "\n" + run + "\n");
    } catch (IOException e) {
      throw failed(target, e);
    }
    return new ParquetRun(target, next, last, partitions);
  }

  private static void checkOwner(Path target, String pipeline)
      throws IOException, ConnectorException {
    if (!Files.exists(target)) {
      return;
    }
    Path owner = target.resolve(OWNER);
    if (Files.isRegularFile(owner)) {
      String of = Files.readAllLines(owner, UTF_8).get(0);
      if (!of.equals(pipeline)) {
        throw new ConnectorException(
            target + " holds a run of the pipeline " + of + ". Give this sink another path");
      }
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(target)) {
      if (entries.iterator().hasNext()) {
        throw new ConnectorException(
            target
                + " holds files that no run of this pipeline wrote, and a run replaces the folder."
                + " Move them away, or give this sink another path");
      }
    }
  }

  private static ConnectorException failed(Path target, IOException e) {
    return new ConnectorException(
        "The folder " + target + " cannot be written: " + e + ". Check rights and space", e);
  }

  /**
   * One run.
   *
   * @param next where it writes
   * @param last where the earlier run goes until this one has its place
   */
  private record ParquetRun(Path target, Path next, Path last, List<PartitionColumn> partitions)
      implements RunSink {

    @Override
    public String copy(String query) {
      Path to = partitions.isEmpty() ? next.resolve("part-0.parquet") : next;
      return "COPY (SELECT *%s FROM (%s)) TO %s (FORMAT parquet, COMPRESSION zstd%s)"
          .formatted(
              PartitionColumn.added(partitions),
              query,
              ColumnMapping.quoted(to.toString()),
              partitions.isEmpty()
                  ? ""
                  : PartitionColumn.options(partitions)
                      + ", OVERWRITE_OR_IGNORE true, FILENAME_PATTERN 'part-{i}'");
    }

    @Override
    public void commit() throws ConnectorException {
      try {
        for (Path file : Folders.files(next)) {
          CommitLog.force(file);
        }
        if (Files.exists(target)) {
          Files.move(target, last, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
        Path parent = target.getParent();
        if (parent != null) {
          CommitLog.force(parent);
        }
        Folders.delete(last);
      } catch (IOException e) {
        throw failed(target, e);
      }
    }

    @Override
    public void close() {
      try {
        Folders.delete(next);
      } catch (IOException e) {
        // Hidden from readers, and the next run deletes it.
        System.getLogger(ParquetRunConnector.class.getName())
            .log(System.Logger.Level.WARNING, "Left {0} behind: {1}", next, e);
      }
    }
  }
}
