package io.sagitta.control.api;

import io.sagitta.service.access.Sessions;

/**
 * A session of somebody, as an admin sees it.
 *
 * @param proof how it was proven who they are: password or oidc
 * @param from the address and port that they logged in from
 * @param began when they did
 * @param used when it was used last
 * @param until when it ends at the latest
 */
public record SessionLine(String proof, String from, String began, String used, String until) {
  static SessionLine of(Sessions.Session session, Sessions sessions) {
    return new SessionLine(
        session.how(),
        session.from(),
        session.began().toString(),
        session.used().toString(),
        sessions.end(session).toString());
  }
}
