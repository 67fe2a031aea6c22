package io.sagitta.control;

import com.fasterxml.jackson.annotation.JsonMerge;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sagitta.control.backlog.BacklogSettings;
import io.sagitta.control.security.SecuritySettings;
import io.sagitta.service.ServiceConfiguration;
import jakarta.validation.constraints.NotEmpty;
import java.nio.file.Path;

/**
 * What control's YAML file holds. Beside the keys of every role; {@code security} unless it is
 * unprotected:
 *
 * <pre>{@code
 * data: /var/lib/sagitta   # relative paths of tables in DuckDB files start here
 * security:
 *   policy: security                  # in force if none was applied before
 *   keys: control/token-keys.json     # sign tokens; made if there is none
 *   publishedKeys: jwks.json          # the public halves, for Pulsar's brokers
 *   logins: control/logins            # hashes of people's passwords; none if left out
 * backlog: {limit: 10GiB}
 * }</pre>
 */
public final class ControlConfiguration extends ServiceConfiguration {
  @NotEmpty
  @JsonProperty("data")
  private String data = "data";

  @JsonMerge
  @JsonProperty("security")
  private final SecuritySettings security = new SecuritySettings();

  @JsonMerge
  @JsonProperty("backlog")
  private final BacklogSettings backlog = new BacklogSettings();

  /** Creates the defaults: port 7080, admin port 7081. */
  public ControlConfiguration() {
    super(7080, 7081);
  }

  /** Returns control's folder. */
  public Path data() {
    return Path.of(data).toAbsolutePath();
  }

  /** Returns where the first policy and the keys of tokens are. */
  public SecuritySettings security() {
    return security;
  }

  /** Returns how much of a pipeline may wait. */
  public BacklogSettings backlog() {
    return backlog;
  }
}
