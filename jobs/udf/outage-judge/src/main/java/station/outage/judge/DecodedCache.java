package station.outage.judge;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Decoded copies of state blobs, kept between calls of one engine task. The blobs stay the truth: every use compares sequence
 * numbers, so a cache that is empty or out of step costs time, never correctness.
 */
public final class DecodedCache {
  private static final int FEEDERS = 4_096;
  /** About ten kilobytes each; emptied as a whole, so far more than are open at once. */
  private static final int AREA_SHAPES = 12_000;

  static final class Entry {
    FeederShape shape;
    double[] silence;
    Upper upper;
    /** Of the last write that went through this entry; another one in the header means that all copies may be old. */
    long sequence;
    final Map<String, AreaShape> areaShapes = new HashMap<>();
    final Map<String, AreaState> areas = new HashMap<>();
  }

  private final Map<String, Entry> feeders =
      new LinkedHashMap<>(256, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Entry> eldest) {
          return size() > FEEDERS;
        }
      };
  private int areaShapes;

  Entry of(String feederId) {
    return feeders.computeIfAbsent(feederId, key -> new Entry());
  }

  void forget(String feederId) {
    feeders.remove(feederId);
  }

  /** Keeps the decoded trees of areas bounded over all feeders. */
  void countAreaShape() {
    if (++areaShapes < AREA_SHAPES) return;
    areaShapes = 0;
    for (Entry entry : feeders.values()) {
      entry.areaShapes.clear();
      entry.areas.clear();
    }
  }
}
