package station.curve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeptCurvesTest {
  @Test
  void givesBackEveryCurveOfBothLayoutsWhateverWasTakenBetween() {
    Random random = new Random(1);
    KeptCurves kept = new KeptCurves();
    Map<Integer, byte[]> expected = new HashMap<>();
    for (int step = 0; step < 5_000; step++) {
      if (random.nextInt(5) < 3) {
        byte[] points = new byte[random.nextBoolean() ? PackedCurve.LAYOUT_1_BYTES : PackedCurve.LAYOUT_2_BYTES];
        random.nextBytes(points);
        int handle = kept.keep(points.clone());
        assertNotEquals(KeptCurves.NONE, handle);
        // a handle that is still in use would overwrite another curve
        assertArrayEquals(null, expected.put(handle, points));
      } else if (!expected.isEmpty()) {
        int handle = expected.keySet().iterator().next();
        assertArrayEquals(expected.remove(handle), kept.take(handle));
      }
    }
    assertEquals(expected.size(), kept.count());
    expected.forEach((handle, points) -> assertArrayEquals(points, kept.get(handle)));
  }

  @Test
  void keepsACopy() {
    KeptCurves kept = new KeptCurves();
    byte[] points = TestArea.curve(Kind.P, 96, 10);
    int handle = kept.keep(points);
    points[1]++;
    kept.get(handle)[1]++;
    assertArrayEquals(TestArea.curve(Kind.P, 96, 10), kept.get(handle));
  }
}
