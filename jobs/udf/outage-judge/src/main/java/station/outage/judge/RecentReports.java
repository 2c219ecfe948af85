package station.outage.judge;

import java.util.Arrays;

/**
 * The last accepted instant by hash of device and kind (R1), to a tenth of a second. Two plain arrays, because the whole of it
 * is written with every report of its area: an open-addressed table of hashes, and instants as tenths of seconds after a base.
 */
final class RecentReports {
  private static final long STEP_MS = 100;
  /** Marks a free place; the reachable instants lie within six years of the base. */
  private static final int FREE = Integer.MIN_VALUE;
  private static final int LEAST_PLACES = 16;

  private long baseMs;
  private int count;
  private int[] keys = new int[LEAST_PLACES];
  private int[] steps = free(LEAST_PLACES);

  int size() {
    return count;
  }

  /** The instant kept for a key, or {@link Event#NONE}. */
  long get(int key) {
    int step = steps[place(keys, steps, key)];
    return step == FREE ? Event.NONE : at(step);
  }

  void put(int key, long atMs) {
    if (count == 0) baseMs = atMs;
    int place = place(keys, steps, key);
    if (steps[place] == FREE) count++;
    keys[place] = key;
    steps[place] = (int) Math.max(FREE + 1L, Math.min(Integer.MAX_VALUE, Math.floorDiv(atMs, STEP_MS) - Math.floorDiv(baseMs, STEP_MS)));
    if (count * 3 > keys.length * 2) refill(keys.length * 2, Long.MIN_VALUE);
  }

  /** Drops what is older than a limit. */
  void removeBefore(long limitMs) {
    for (int step : steps) {
      if (step == FREE || at(step) >= limitMs) continue;
      refill(LEAST_PLACES, limitMs);
      return;
    }
  }

  private long at(int step) {
    return (Math.floorDiv(baseMs, STEP_MS) + step) * STEP_MS;
  }

  private void refill(int places, long limitMs) {
    int[] oldKeys = keys;
    int[] oldSteps = steps;
    int kept = 0;
    for (int step : oldSteps) if (step != FREE && at(step) >= limitMs) kept++;
    int size = places;
    while (kept * 3 > size * 2) size *= 2;
    keys = new int[size];
    steps = free(size);
    count = kept;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldSteps[i] == FREE || at(oldSteps[i]) < limitMs) continue;
      int place = place(keys, steps, oldKeys[i]);
      keys[place] = oldKeys[i];
      steps[place] = oldSteps[i];
    }
  }

  private static int[] free(int places) {
    int[] steps = new int[places];
    Arrays.fill(steps, FREE);
    return steps;
  }

  /** Where the key stands, or the free place where it would. The number of places is a power of two. */
  private static int place(int[] keys, int[] steps, int key) {
    int mask = keys.length - 1;
    int place = key & mask;
    while (steps[place] != FREE && keys[place] != key) place = place + 1 & mask;
    return place;
  }

  void write(ByteWriter out) {
    out.uv(count);
    out.uv(baseMs);
    for (int i = 0; i < keys.length; i++) {
      if (steps[i] == FREE) continue;
      out.i32(keys[i]);
      out.i32(steps[i]);
    }
  }

  static RecentReports read(ByteReader in) {
    RecentReports recent = new RecentReports();
    int count = in.count();
    recent.baseMs = in.uv();
    recent.refill(Integer.highestOneBit(Math.max(LEAST_PLACES, count * 3)), Long.MIN_VALUE);
    for (int i = 0; i < count; i++) {
      int key = in.i32();
      int place = place(recent.keys, recent.steps, key);
      if (recent.steps[place] == FREE) recent.count++;
      recent.keys[place] = key;
      recent.steps[place] = in.i32();
    }
    return recent;
  }

  /** The layout before: instants as distances from the newest. */
  static RecentReports readDistances(ByteReader in) {
    RecentReports recent = new RecentReports();
    int count = in.count();
    long newestMs = in.uv();
    for (int i = 0; i < count; i++) {
      int key = in.i32();
      recent.put(key, newestMs - in.uv() * STEP_MS);
    }
    return recent;
  }
}
