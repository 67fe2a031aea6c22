package io.sagitta.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SharesTest {
  private final Shares shares = new Shares(10, 6);

  @Test
  void take_moreThanOneMayHave_takesNothing() {
    assertThat(shares.take("a", 4)).isTrue();
    assertThat(shares.take("a", 3)).isFalse();
    assertThat(shares.take("a", 2)).isTrue();
    assertThat(shares.taken("a")).isEqualTo(6);
  }

  @Test
  void take_moreThanThereAre_takesNothing() {
    assertThat(shares.take("a", 6)).isTrue();
    assertThat(shares.take("b", 5)).isFalse();
    assertThat(shares.take("b", 4)).isTrue();
    assertThat(shares.taken()).isEqualTo(10);
    assertThat(shares.take("c", 1)).isFalse();
  }

  @Test
  void give_makesRoomForAll() {
    assertThat(shares.take("a", 6)).isTrue();
    shares.give("a", 6);
    assertThat(shares.taken("a")).isZero();
    assertThat(shares.take("b", 6) && shares.take("c", 4)).isTrue();
  }
}
