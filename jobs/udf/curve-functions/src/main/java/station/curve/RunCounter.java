package station.curve;

/** Runs of consecutive points that satisfy a condition, over all points of the window (docs/domain.md, indicators, step 8). */
final class RunCounter {
  private final int minimumPoints;
  private final boolean[] touched;
  private int start = -1;
  int points;
  int longest;
  int runs;

  RunCounter(int minimumPoints, int days) {
    this.minimumPoints = minimumPoints;
    this.touched = new boolean[days];
  }

  void next(int t, boolean satisfied) {
    if (satisfied) {
      if (start < 0) start = t;
    } else if (start >= 0) {
      end(t);
    }
  }

  void end(int t) {
    if (start < 0) return;
    int length = t - start;
    if (length >= minimumPoints) {
      points += length;
      longest = Math.max(longest, length);
      runs++;
      for (int day = start / PackedCurve.POINTS; day <= (t - 1) / PackedCurve.POINTS; day++) touched[day] = true;
    }
    start = -1;
  }

  int days() {
    int days = 0;
    for (boolean day : touched) if (day) days++;
    return days;
  }

  int daysWithout(RunCounter other) {
    int days = 0;
    for (int day = 0; day < touched.length; day++) if (touched[day] && !other.touched[day]) days++;
    return days;
  }
}
