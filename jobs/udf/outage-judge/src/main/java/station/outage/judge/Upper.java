package station.outage.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is kept for a feeder above its areas: open waves, and the planned and controlled nodes already announced. */
final class Upper {
  static final String KEY = "u";
  /**
   * 1: signs of life of every area; 2: of those that gave one; 3: the first call of an outage; 4: searches after restorations; 5: the last
   * trip; 6: instants of signs of life, reports from wrong places.
   */
  private static final int LAYOUT = 6;
  private static final int PLANNED_MOST = 16;

  long sequence;
  final List<Wave> waves = new ArrayList<>(1);
  /** When the feeder's breaker last opened, by arrival; 0 = never. It speaks before any device does. */
  long trippedMs;
  /** Announced id -> instant after which it may be forgotten. */
  final Map<String, Long> announced = new HashMap<>();

  /** Instants at which planned work made devices report; the last few. */
  private final List<Long> planned = new ArrayList<>(0);

  void plannedAt(long atMs, long nearMs) {
    if (plannedNear(atMs, nearMs / 4)) return;
    planned.add(atMs);
    if (planned.size() > PLANNED_MOST) planned.remove(0);
  }

  boolean plannedNear(long atMs, long nearMs) {
    for (long at : planned) if (Math.abs(at - atMs) <= nearMs) return true;
    return false;
  }

  Wave wave(int id) {
    for (Wave wave : waves) if (wave.id == id) return wave;
    return null;
  }

  byte[] toBytes() {
    ByteWriter out = new ByteWriter(512);
    out.u8(LAYOUT);
    out.uv(sequence);
    out.uv(announced.size());
    announced.forEach((id, until) -> {
      out.text(id);
      out.uv(until);
    });
    out.uv(planned.size());
    for (long at : planned) out.uv(at);
    out.uv(trippedMs);
    out.uv(waves.size());
    for (Wave wave : waves) wave.write(out);
    return out.toBytes();
  }

  static Upper fromBytes(byte[] bytes, FeederShape shape) {
    Upper upper = new Upper();
    if (bytes == null) return upper;
    ByteReader in = new ByteReader(bytes);
    int layout = in.version(LAYOUT, "upper");
    upper.sequence = in.uv();
    for (int i = in.count(); i > 0; i--) {
      String id = in.text();
      upper.announced.put(id, in.uv());
    }
    for (int i = in.count(); i > 0; i--) upper.planned.add(in.uv());
    if (layout >= 5) upper.trippedMs = in.uv();
    for (int i = in.count(); i > 0; i--) upper.waves.add(Wave.read(in, shape, layout));
    return upper;
  }
}
