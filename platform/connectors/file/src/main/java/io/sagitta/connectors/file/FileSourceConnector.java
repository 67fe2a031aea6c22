package io.sagitta.connectors.file;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.SourceConnector;
import io.sagitta.connectors.SourceReader;
import io.sagitta.definition.FileSource;
import io.sagitta.definition.Source;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/** Opens readers of files. */
public final class FileSourceConnector implements SourceConnector {

  @Override
  public boolean serves(Source source) {
    return source instanceof FileSource;
  }

  @Override
  public SourceReader open(
      String name,
      Source source,
      Reach reach,
      String position,
      Schema schema,
      BufferAllocator allocator)
      throws ConnectorException {
    FileSource files = (FileSource) source;
    return new FileSourceReader(
        name,
        files,
        FileList.of(files.path(), reach),
        FilePosition.parse(position),
        schema,
        allocator);
  }
}
