package io.sagitta.policy;

/** Somebody or something that acts, known by name; who it is has been proven elsewhere. */
public sealed interface Subject {

  /** Returns the name, which no other subject has. */
  String name();

  /** A person. */
  record Person(String name) implements Subject {
    @Override
    public String toString() {
      return "person " + name;
    }
  }

  /** A program outside the platform. */
  record Service(String name) implements Subject {
    @Override
    public String toString() {
      return "service " + name;
    }
  }

  /** Whoever is in the group. */
  record Group(String name) implements Subject {
    @Override
    public String toString() {
      return "group " + name;
    }
  }

  /** A pipeline that reads other pipelines' streams. */
  record Pipeline(Resource.Pipeline id) implements Subject {
    @Override
    public String name() {
      return id.toString();
    }

    @Override
    public String toString() {
      return "pipeline " + name();
    }
  }
}
