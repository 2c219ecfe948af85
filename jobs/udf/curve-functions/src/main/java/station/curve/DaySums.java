package station.curve;

import java.io.Serializable;

/** Element-wise sums over the valid users of one area and day. */
final class DaySums implements Serializable {
  private static final long serialVersionUID = 2;

  /** Highest value of a packed day that has none. */
  static final int NONE = Integer.MIN_VALUE;

  /** Sum of max(P, 0). */
  final long[] positive = new long[PackedCurve.POINTS];
  /** Sum of max(-P, 0), only once a user feeds in. */
  private long[] negative;
  /** User-days added, and of these the ones without a value at a point: far fewer to count than those with one. */
  private int days;
  private final int[] missing = new int[PackedCurve.POINTS];

  /** Adds a packed day times `ratio`. Returns its highest value as packed, in steps of {@link #unitOf}, or {@link #NONE}. */
  int add(byte[] points, long ratio) {
    days++;
    long unit = ratio * unitOf(points);
    int highest = NONE;
    int lowest = Integer.MAX_VALUE;
    // nearly every row is of layout 1 without a gap and without feed-in: one loop without a branch, the rest only where it is needed
    if (points[0] == 1) {
      for (int k = 0; k < PackedCurve.POINTS; k++) {
        int raw = PackedCurve.int16(points, k);
        positive[k] += Math.max(raw, 0) * unit;
        highest = Math.max(highest, raw);
        lowest = Math.min(lowest, raw);
      }
      if (highest == Short.MIN_VALUE) highest = NONE;
    } else {
      for (int k = 0; k < PackedCurve.POINTS; k++) {
        int raw = PackedCurve.int32(points, k);
        positive[k] += Math.max(raw, 0) * unit;
        highest = Math.max(highest, raw);
        lowest = Math.min(lowest, raw);
      }
    }
    if (lowest < 0) {
      for (int k = 0; k < PackedCurve.POINTS; k++) {
        if (PackedCurve.isMissing(points, k)) missing[k]++;
        else addNegative(k, -PackedCurve.raw(points, k) * unit);
      }
    }
    return highest;
  }

  /** Adds a day of values, {@link PackedCurve#MISSING} where there is none. Returns the highest, MISSING when there is none. */
  long add(long[] values) {
    days++;
    long highest = PackedCurve.MISSING;
    for (int k = 0; k < PackedCurve.POINTS; k++) {
      long value = values[k];
      if (value == PackedCurve.MISSING) {
        missing[k]++;
        continue;
      }
      positive[k] += Math.max(value, 0);
      addNegative(k, -value);
      highest = Math.max(highest, value);
    }
    return highest;
  }

  /** How many 10^-4 kW one packed step is. */
  static long unitOf(byte[] points) {
    return points[0] == 1 ? PackedCurve.stepOf(Kind.P) : 1;
  }

  private void addNegative(int k, long magnitude) {
    if (magnitude <= 0) return;
    if (negative == null) negative = new long[PackedCurve.POINTS];
    negative[k] += magnitude;
  }

  int valid(int k) {
    return days - missing[k];
  }

  long net(int k) {
    return negative == null ? positive[k] : positive[k] - negative[k];
  }

  void merge(DaySums other) {
    days += other.days;
    for (int k = 0; k < PackedCurve.POINTS; k++) {
      positive[k] += other.positive[k];
      missing[k] += other.missing[k];
      if (other.negative != null) addNegative(k, other.negative[k]);
    }
  }
}
