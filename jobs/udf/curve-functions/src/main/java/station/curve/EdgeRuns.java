package station.curve;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Runs of points of one series, given piece by piece in any order, joined where they touch. Only a run that touches the edge of its piece
 * can grow; all others are judged at once. So a year of a user with few events needs next to no memory, and midnight needs no special case.
 */
final class EdgeRuns implements Serializable {
  private static final long serialVersionUID = 1;

  private int minimumPoints;
  private int count;
  private int[] from = new int[4];
  private int[] to = new int[4];
  private double[] peak = new double[4];
  /** Longest qualifying run, 0 when there is none. */
  private int longest;
  /** Largest value inside qualifying runs. */
  private double highest;

  EdgeRuns(int minimumPoints) {
    this.minimumPoints = minimumPoints;
  }

  /** A run [start, end) of the series; `open` when it touches an edge of the piece in which it was found. */
  void add(int start, int end, double value, boolean open) {
    if (!open) {
      judge(start, end, value);
      return;
    }
    // days mostly come in order: a run that begins where the last one ended is the same run
    if (count > 0 && to[count - 1] == start) {
      to[count - 1] = end;
      peak[count - 1] = Math.max(peak[count - 1], value);
      return;
    }
    if (count == from.length) {
      from = Arrays.copyOf(from, 2 * count);
      to = Arrays.copyOf(to, 2 * count);
      peak = Arrays.copyOf(peak, 2 * count);
    }
    from[count] = start;
    to[count] = end;
    peak[count++] = value;
  }

  private void judge(int start, int end, double value) {
    if (end - start < minimumPoints) return;
    longest = Math.max(longest, end - start);
    highest = Math.max(highest, value);
  }

  void merge(EdgeRuns other) {
    for (int i = 0; i < other.count; i++) add(other.from[i], other.to[i], other.peak[i], true);
    longest = Math.max(longest, other.longest);
    highest = Math.max(highest, other.highest);
  }

  /** Joins what touches and judges it. Nothing may be added afterwards. */
  EdgeRuns close() {
    Integer[] order = new Integer[count];
    for (int i = 0; i < count; i++) order[i] = i;
    Arrays.sort(order, (a, b) -> Integer.compare(from[a], from[b]));
    for (int i = 0; i < count; ) {
      int start = from[order[i]];
      int end = to[order[i]];
      double value = peak[order[i]];
      for (i++; i < count && from[order[i]] == end; i++) {
        end = to[order[i]];
        value = Math.max(value, peak[order[i]]);
      }
      judge(start, end, value);
    }
    count = 0;
    return this;
  }

  int longest() {
    return longest;
  }

  double highest() {
    return highest;
  }
}
