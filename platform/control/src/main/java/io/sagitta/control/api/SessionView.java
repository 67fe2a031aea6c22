package io.sagitta.control.api;

/**
 * Who a caller is.
 *
 * @param subject as histories and the audit log name them, such as {@code subject.ada}
 * @param proof how that is proven: session, token or certificate
 * @param until when the proof ends at the latest
 */
public record SessionView(String subject, String proof, String until) {}
