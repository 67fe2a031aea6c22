package io.sagitta.policy;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Something that can be done to one kind of resource. Each has one name, on files and commands. */
public sealed interface Action {

  /** Returns the name, such as {@code read}. */
  default String word() {
    return toString().toLowerCase(Locale.ROOT);
  }

  /** Returns what it means, for people. */
  String doc();

  /** Returns the kind of resource that it is done to. */
  Class<? extends Resource> on();

  /** Returns all actions. */
  static List<Action> all() {
    return Stream.of(
            OnPlatform.values(),
            OnTenant.values(),
            OnPipeline.values(),
            OnSource.values(),
            OnStream.values())
        .<Action>flatMap(Stream::of)
        .toList();
  }

  /** Returns the action called {@code word}. */
  static Optional<Action> named(String word) {
    return all().stream().filter(action -> action.word().equals(word)).findFirst();
  }

  /** What is done to the platform. */
  enum OnPlatform implements Action {
    INSPECT("read the policy, its drift and the whole audit log"),
    ADMINISTER("apply the policy, rotate keys, end anybody's sessions");

    private final String doc;

    OnPlatform(String doc) {
      this.doc = doc;
    }

    @Override
    public String doc() {
      return doc;
    }

    @Override
    public Class<Resource.Platform> on() {
      return Resource.Platform.class;
    }
  }

  /** What is done to a tenant. */
  enum OnTenant implements Action {
    AUDIT("read who did what in the tenant, and what was denied");

    private final String doc;

    OnTenant(String doc) {
      this.doc = doc;
    }

    @Override
    public String doc() {
      return doc;
    }

    @Override
    public Class<Resource.Tenant> on() {
      return Resource.Tenant.class;
    }
  }

  /** What is done to a pipeline. */
  enum OnPipeline implements Action {
    VIEW("see the definition, its revisions, status, ledger and events"),
    TAP("look at rows of any stage and at quarantine, with sensitive columns masked"),
    UNMASK("see sensitive columns there"),
    PAUSE("pause and resume it"),
    REPLAY("send rows of quarantine back, as they are or mended"),
    ROLLBACK("go back to a revision that ran before"),
    PLAN("see what a changed definition would change"),
    APPLY("make a changed definition the next revision"),
    DELETE("delete it with all that it keeps");

    private final String doc;

    OnPipeline(String doc) {
      this.doc = doc;
    }

    @Override
    public String doc() {
      return doc;
    }

    @Override
    public Class<Resource.Pipeline> on() {
      return Resource.Pipeline.class;
    }
  }

  /** What is done to a source. */
  enum OnSource implements Action {
    WRITE("send rows to the source, and end its input");

    private final String doc;

    OnSource(String doc) {
      this.doc = doc;
    }

    @Override
    public String doc() {
      return doc;
    }

    @Override
    public Class<Resource.Source> on() {
      return Resource.Source.class;
    }
  }

  /** What is done to a stream. */
  enum OnStream implements Action {
    READ("read the stream's columns and rows");

    private final String doc;

    OnStream(String doc) {
      this.doc = doc;
    }

    @Override
    public String doc() {
      return doc;
    }

    @Override
    public Class<Resource.Stream> on() {
      return Resource.Stream.class;
    }
  }
}
