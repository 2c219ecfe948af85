package station.curve;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Packed curves that an area keeps for later, in a few large arrays. As objects of their own they would be copied one by one, a hundred
 * thousand of them a task, by collection after collection. A curve has a handle; those of layout 1 are positive, those of layout 2 negative.
 */
final class KeptCurves implements Serializable {
  private static final long serialVersionUID = 1;

  /** No curve. */
  static final int NONE = 0;

  private final Slots small = new Slots(PackedCurve.LAYOUT_1_BYTES);
  private final Slots large = new Slots(PackedCurve.LAYOUT_2_BYTES);

  /** Keeps a copy of a well-formed curve. */
  int keep(byte[] points) {
    return points.length == small.bytes ? small.put(points) : -large.put(points);
  }

  byte[] get(int handle) {
    return handle > 0 ? small.get(handle) : large.get(-handle);
  }

  /** Gives the curve and forgets it. */
  byte[] take(int handle) {
    byte[] points = get(handle);
    if (handle > 0) small.free(handle);
    else large.free(-handle);
    return points;
  }

  int count() {
    return small.count() + large.count();
  }

  /** Slots of one size, numbered from 1; a freed one is used again first. */
  private static final class Slots implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int PER_BLOCK = 64;

    final int bytes;
    private final List<byte[]> blocks = new ArrayList<>();
    private int used;
    private int[] free = {};
    private int freeCount;

    Slots(int bytes) {
      this.bytes = bytes;
    }

    int put(byte[] points) {
      int slot = freeCount > 0 ? free[--freeCount] : ++used;
      if (blockOf(slot) == blocks.size()) blocks.add(new byte[PER_BLOCK * bytes]);
      System.arraycopy(points, 0, blocks.get(blockOf(slot)), offsetOf(slot), bytes);
      return slot;
    }

    byte[] get(int slot) {
      return Arrays.copyOfRange(blocks.get(blockOf(slot)), offsetOf(slot), offsetOf(slot) + bytes);
    }

    int count() {
      return used - freeCount;
    }

    void free(int slot) {
      if (freeCount == free.length) free = Arrays.copyOf(free, Math.max(PER_BLOCK, 2 * freeCount));
      free[freeCount++] = slot;
    }

    private static int blockOf(int slot) {
      return (slot - 1) / PER_BLOCK;
    }

    private int offsetOf(int slot) {
      return (slot - 1) % PER_BLOCK * bytes;
    }
  }
}
