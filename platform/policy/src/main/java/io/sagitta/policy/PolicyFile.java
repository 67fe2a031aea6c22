package io.sagitta.policy;

/** A file of the policy, as bytes, under the name by which the user knows it. */
public final class PolicyFile {
  private final String name;
  private final byte[] utf8;

  /** Creates the file; takes a copy of {@code utf8}. */
  public PolicyFile(String name, byte[] utf8) {
    this.name = name;
    this.utf8 = utf8.clone();
  }

  /** Returns the name. */
  public String name() {
    return name;
  }

  byte[] utf8() {
    return utf8;
  }
}
