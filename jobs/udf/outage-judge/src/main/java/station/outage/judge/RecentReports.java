package station.outage.judge;

import java.util.Arrays;

/**
 * The last accepted instant by hash of device and kind (R1), to a tenth of a second. All of it is written with every report of its
 * area, so it is kept as it is written: eight bytes an entry, one after another (hash, tenths of a second after a base), and found
 * through an index that is not written. Reaches six years from the base.
 */
final class RecentReports {
  private static final long STEP_MS = 100;
  private static final int ENTRY = 8;
  private static final int LEAST_PLACES = 16;

  private long baseStep;
  private int count;
  private byte[] entries = new byte[8 * ENTRY];
  /** Number of the entry plus one, by the low bits of the hash; 0 = free. */
  private int[] index = new int[LEAST_PLACES];

  int size() {
    return count;
  }

  /** The instant kept for a key, or {@link Event#NONE}. */
  long get(int key) {
    int entry = index[place(key)] - 1;
    return entry < 0 ? Event.NONE : atMs(entry);
  }

  void put(int key, long atMs) {
    long step = Math.floorDiv(atMs, STEP_MS);
    if (count == 0) baseStep = step;
    int place = place(key);
    if (index[place] == 0) {
      if ((count + 1) * ENTRY > entries.length) entries = Arrays.copyOf(entries, entries.length * 2);
      ByteWriter.INT.set(entries, count * ENTRY, key);
      index[place] = ++count;
    }
    int entry = index[place] - 1;
    ByteWriter.INT.set(entries, entry * ENTRY + 4, (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, step - baseStep)));
    if (count * 3 > index.length * 2) reindex();
  }

  /** Drops what is older than a limit. */
  void removeBefore(long limitMs) {
    int kept = 0;
    for (int entry = 0; entry < count; entry++) {
      if (atMs(entry) < limitMs) continue;
      if (kept < entry) System.arraycopy(entries, entry * ENTRY, entries, kept * ENTRY, ENTRY);
      kept++;
    }
    if (kept == count) return;
    count = kept;
    reindex();
  }

  private int key(int entry) {
    return (int) ByteWriter.INT.get(entries, entry * ENTRY);
  }

  private long atMs(int entry) {
    return (baseStep + (int) ByteWriter.INT.get(entries, entry * ENTRY + 4)) * STEP_MS;
  }

  private void reindex() {
    index = new int[Integer.highestOneBit(Math.max(LEAST_PLACES, count * 3)) * 2];
    for (int entry = 0; entry < count; entry++) index[place(key(entry))] = entry + 1;
  }

  /** Where the key stands in the index, or the free place where it would. The number of places is a power of two. */
  private int place(int key) {
    int mask = index.length - 1;
    int place = key & mask;
    while (index[place] != 0 && key(index[place] - 1) != key) place = place + 1 & mask;
    return place;
  }

  void write(ByteWriter out) {
    out.uv(count);
    out.sv(baseStep);
    out.bytes(entries, count * ENTRY);
  }

  static RecentReports read(ByteReader in) {
    RecentReports recent = new RecentReports();
    recent.count = in.count();
    recent.baseStep = in.sv();
    recent.entries = in.bytes(recent.count * ENTRY, Math.max(8, recent.count) * ENTRY);
    recent.reindex();
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
