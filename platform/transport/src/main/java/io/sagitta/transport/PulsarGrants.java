package io.sagitta.transport;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.pulsar.client.admin.PulsarAdmin;
import org.apache.pulsar.client.admin.PulsarAdminException;
import org.apache.pulsar.common.policies.data.AuthAction;
import org.apache.pulsar.common.policies.data.AuthPolicies;

/**
 * The grants that Pulsar keeps, to read and to change. What is taken away ends at once: the broker
 * lets go of the clients that used it.
 */
public final class PulsarGrants {
  private static final String PARTITION = "-partition-\\d+$";

  private final PulsarAdmin admin;

  /** Creates one that acts as {@code provisioner} does, for as long as that is open. */
  public PulsarGrants(Provisioner provisioner) {
    this.admin = provisioner.admin();
  }

  /**
   * Returns what a namespace grants, the rights to partitions under their topic.
   *
   * @return nothing if there is no such namespace
   */
  public NavigableSet<PulsarGrant> in(String namespace) {
    try {
      AuthPolicies policies = admin.namespaces().getPolicies(namespace).auth_policies;
      Map<String, Map<String, Set<PulsarGrant.Right>>> byObject = new HashMap<>();
      policies
          .getNamespaceAuthentication()
          .forEach((role, actions) -> add(byObject, namespace, role, actions));
      policies
          .getTopicAuthentication()
          .forEach(
              (topic, roles) ->
                  roles.forEach(
                      (role, actions) ->
                          add(byObject, topic.replaceFirst(PARTITION, ""), role, actions)));
      return byObject.entrySet().stream()
          .flatMap(
              object ->
                  object.getValue().entrySet().stream()
                      .map(
                          role -> new PulsarGrant(object.getKey(), role.getKey(), role.getValue())))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (PulsarAdminException.NotFoundException e) {
      return new TreeSet<>();
    } catch (PulsarAdminException e) {
      throw new TransportException("Cannot read grants of " + namespace + ": " + e.getMessage(), e);
    }
  }

  private static void add(
      Map<String, Map<String, Set<PulsarGrant.Right>>> byObject,
      String object,
      String role,
      Set<AuthAction> actions) {
    if (!actions.isEmpty()) {
      Set<PulsarGrant.Right> rights =
          byObject
              .computeIfAbsent(object, o -> new HashMap<>())
              .computeIfAbsent(role, r -> EnumSet.noneOf(PulsarGrant.Right.class));
      // What else Pulsar can grant is worth no less than reading: it counts as that, so it is seen.
      actions.forEach(
          action ->
              rights.add(
                  action == AuthAction.produce
                      ? PulsarGrant.Right.PRODUCE
                      : PulsarGrant.Right.CONSUME));
    }
  }

  /** Returns every namespace there is but those of Pulsar itself. */
  public Set<String> namespaces() {
    try {
      Set<String> namespaces = new HashSet<>();
      for (String tenant : admin.tenants().getTenants()) {
        if (!tenant.equals("pulsar")) {
          namespaces.addAll(admin.namespaces().getNamespaces(tenant));
        }
      }
      return namespaces;
    } catch (PulsarAdminException e) {
      throw new TransportException("Cannot list namespaces: " + e.getMessage(), e);
    }
  }

  /**
   * Grants exactly {@code grant} to its role on its object, whatever the role had there.
   *
   * @return whether there is such an object
   */
  public boolean set(PulsarGrant grant) {
    Set<AuthAction> actions =
        grant.rights().stream()
            .map(
                right ->
                    right == PulsarGrant.Right.PRODUCE ? AuthAction.produce : AuthAction.consume)
            .collect(Collectors.toSet());
    try {
      if (grant.isOnTopic()) {
        admin.topics().grantPermission(grant.object(), grant.role(), actions);
      } else {
        admin.namespaces().grantPermissionOnNamespace(grant.object(), grant.role(), actions);
      }
      return true;
    } catch (PulsarAdminException.NotFoundException e) {
      return false;
    } catch (PulsarAdminException e) {
      throw new TransportException("Cannot grant that " + grant + ": " + e.getMessage(), e);
    }
  }

  /** Takes all rights on the grant's object from its role. */
  public void revoke(PulsarGrant grant) {
    try {
      if (grant.isOnTopic()) {
        admin.topics().revokePermissions(grant.object(), grant.role());
      } else {
        admin.namespaces().revokePermissionsOnNamespace(grant.object(), grant.role());
      }
    } catch (PulsarAdminException.NotFoundException e) {
      // Gone with its namespace: what was wanted.
    } catch (PulsarAdminException e) {
      throw new TransportException("Cannot revoke that " + grant + ": " + e.getMessage(), e);
    }
  }
}
