package station.curve;

import java.util.Arrays;

/** A quantity of the area over all points of its window as exact fractions: `numerator / divisor`, divisor 0 = no value. */
final class Series {
  final long[] numerator;
  final long[] divisor;
  /** The point was missing and stands between two valid ones. */
  final boolean[] filled;

  Series(int days) {
    int points = days * PackedCurve.POINTS;
    numerator = new long[points];
    divisor = new long[points];
    filled = new boolean[points];
  }

  boolean has(int t) {
    return divisor[t] != 0;
  }

  double value(int t) {
    return divisor[t] == 1 ? numerator[t] : (double) numerator[t] / divisor[t];
  }

  void setDay(int day, long[] values) {
    int base = day * PackedCurve.POINTS;
    for (int k = 0; k < PackedCurve.POINTS; k++) {
      boolean present = values[k] != PackedCurve.MISSING;
      numerator[base + k] = present ? values[k] : 0;
      divisor[base + k] = present ? 1 : 0;
    }
  }

  int countValid(int day) {
    int valid = 0;
    for (int t = day * PackedCurve.POINTS, end = t + PackedCurve.POINTS; t < end; t++) valid += divisor[t] != 0 ? 1 : 0;
    return valid;
  }

  void clearDay(int day) {
    int base = day * PackedCurve.POINTS;
    Arrays.fill(divisor, base, base + PackedCurve.POINTS, 0);
  }

  /** At most two missing points between two valid points of one day are filled linearly (docs/domain.md, indicators, step 5). */
  void fillGaps(int day) {
    int base = day * PackedCurve.POINTS;
    int end = base + PackedCurve.POINTS;
    for (int t = base; t < end; ) {
      if (divisor[t] != 0) {
        t++;
        continue;
      }
      int stop = t;
      while (stop < end && divisor[stop] == 0) stop++;
      int gap = stop - t;
      if (t > base && stop < end && gap <= 2) for (int j = 1; j <= gap; j++) interpolate(t - 1, stop, gap + 1, j);
      t = stop;
    }
  }

  private void interpolate(int left, int right, int steps, int step) {
    int t = left + step;
    long leftNumerator = numerator[left];
    long leftDivisor = divisor[left];
    long rightNumerator = numerator[right];
    long rightDivisor = divisor[right];
    filled[t] = true;
    try {
      long sum = Math.addExact(
          Math.multiplyExact(Math.multiplyExact(leftNumerator, rightDivisor), (long) (steps - step)),
          Math.multiplyExact(Math.multiplyExact(rightNumerator, leftDivisor), (long) step));
      long by = Math.multiplyExact(Math.multiplyExact(leftDivisor, rightDivisor), (long) steps);
      long common = gcd(Math.abs(sum), by);
      numerator[t] = sum / common;
      divisor[t] = by / common;
    } catch (ArithmeticException beyond64Bits) {
      double value = ((double) leftNumerator / leftDivisor * (steps - step) + (double) rightNumerator / rightDivisor * step) / steps;
      numerator[t] = Math.round(value);
      divisor[t] = 1;
    }
  }

  static long gcd(long a, long b) {
    while (b != 0) {
      long rest = a % b;
      a = b;
      b = rest;
    }
    return a == 0 ? 1 : a;
  }
}
