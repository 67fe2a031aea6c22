/**
 * What the three roles share: configuration, metrics, health and problem replies. A role's main
 * class is {@code public static void main(String[] a) { Role.main(new MyRole(), a); }}.
 */
@NullMarked
package io.sagitta.service;

import org.jspecify.annotations.NullMarked;
