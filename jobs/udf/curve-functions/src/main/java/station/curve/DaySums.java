package station.curve;

import java.io.Serializable;

/** Element-wise sums over the valid users of one area and day. */
final class DaySums implements Serializable {
  private static final long serialVersionUID = 1;

  /** Sum of max(P, 0). */
  final long[] positive = new long[PackedCurve.POINTS];
  /** Sum of max(-P, 0), only once a user feeds in. */
  long[] negative;
  final short[] valid = new short[PackedCurve.POINTS];

  void addNegative(int k, long magnitude) {
    if (negative == null) negative = new long[PackedCurve.POINTS];
    negative[k] += magnitude;
  }

  long net(int k) {
    return negative == null ? positive[k] : positive[k] - negative[k];
  }

  void merge(DaySums other) {
    for (int k = 0; k < PackedCurve.POINTS; k++) {
      positive[k] += other.positive[k];
      valid[k] += other.valid[k];
      if (other.negative != null && other.negative[k] != 0) addNegative(k, other.negative[k]);
    }
  }
}
