package station.outage.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecentReportsTest {
  private static final long START_MS = 1_772_640_000_000L;

  @Test
  void aMapToTenthsOfSecondsThatSurvivesItsEncodingAndForgetsWhatIsOld() {
    Random random = new Random(7);
    RecentReports recent = new RecentReports();
    Map<Integer, Long> expected = new HashMap<>();
    for (int step = 0; step < 20_000; step++) {
      long now = START_MS + step * 10_000L;
      int key = random.nextInt(400) * 0x1000001;
      long at = now - random.nextInt(600_000);
      recent.put(key, at);
      expected.put(key, at / 100 * 100);
      if (step % 500 == 0) {
        recent.removeBefore(now - 1_800_000);
        expected.values().removeIf(each -> each < now - 1_800_000);
      }
      if (step % 700 == 0) {
        ByteWriter out = new ByteWriter(16);
        recent.write(out);
        recent = RecentReports.read(new ByteReader(out.toBytes()));
      }
    }
    assertEquals(expected.size(), recent.size());
    for (Map.Entry<Integer, Long> each : expected.entrySet()) assertEquals(each.getValue(), recent.get(each.getKey()));
    assertEquals(Event.NONE, recent.get(-1));
  }
}
