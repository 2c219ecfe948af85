package station.curve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedCurveTest {
  @Test
  void takesTheCompactLayoutWhenItHoldsEveryValue() {
    assertEquals(193, TestArea.curve(Kind.P, 96, 10).length);
    assertEquals(193, TestArea.curve(Kind.UA, 96, 2_200_100).length);
    assertEquals(385, TestArea.curve(Kind.P, 95, 10, 1, 15).length);
    assertEquals(385, TestArea.curve(Kind.P, 95, 10, 1, 327_680).length);
  }

  @Test
  void givesBackWhatWentIn() {
    Random random = new Random(1);
    for (int round = 0; round < 2_000; round++) {
      Kind kind = Kind.of(random.nextInt(Kind.COUNT));
      int range = random.nextBoolean() ? 3_000 : 1_000_000_000;
      int step = random.nextBoolean() ? PackedCurve.stepOf(kind) : 1;
      long[] values = new long[PackedCurve.POINTS];
      for (int k = 0; k < values.length; k++) values[k] = random.nextInt(9) == 0 ? PackedCurve.MISSING : random.nextInt(-range, range) / step * (long) step;
      byte[] points = PackedCurve.pack(values, kind);
      assertArrayEquals(values, PackedCurve.unpack(points, kind));
      assertEquals(Arrays.stream(values).filter(value -> value != PackedCurve.MISSING).count(), PackedCurve.countValid(points));
      long largest = Arrays.stream(values).filter(value -> value != PackedCurve.MISSING).map(Math::abs).max().orElse(0);
      assertEquals(largest, PackedCurve.largestMagnitude(points) * (points[0] == 1 ? (long) PackedCurve.stepOf(kind) : 1));
    }
  }

  @Test
  void refusesNinetyFivePointsAndAnUnknownLayout() {
    assertFalse(PackedCurve.isWellFormed(new byte[191]));
    assertFalse(PackedCurve.isWellFormed(new byte[193]));
    assertFalse(PackedCurve.isWellFormed(null));
    assertThrows(IllegalArgumentException.class, () -> PackedCurve.unpack(new byte[191], Kind.P));
  }
}
