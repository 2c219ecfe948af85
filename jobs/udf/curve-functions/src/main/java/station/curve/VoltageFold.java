package station.curve;

import java.io.Serializable;

/** Counts of the voltages of an area (I09) and the runs below the limit of one user's phases (I10). Limits are inclusive, decided in integers. */
final class VoltageFold implements Serializable {
  private static final long serialVersionUID = 1;

  // 10^-4 V. Pass: 198.0-235.4 V single-phase, 204.6-235.4 V three-phase; monitored: 154.0-264.0 V (docs/domain.md, indicators, I09 and I10)
  private static final long MONITORED_FROM = 1_540_000;
  private static final long MONITORED_TO = 2_640_000;
  private static final long UPPER = 2_354_000;
  private static final long LOWER_SINGLE_PHASE = 1_980_000;
  private static final long LOWER_THREE_PHASE = 2_046_000;
  static final int LOW_RUN_POINTS = 4;

  long monitored;
  long over;
  long under;

  /** Counts one row and hands the runs below the limit to `low`, which may be null. */
  void add(byte[] points, Segment segment, Kind kind, int day, long ratioScale, EdgeRuns low) {
    int first = segment.firstPointOf(day);
    int end = segment.endPointOf(day);
    if (first >= end || segment.voltageRatio <= 0) return;
    long factor = points[0] == 1 ? segment.voltageRatio * PackedCurve.stepOf(kind) : segment.voltageRatio;
    // limits as raw values: value x factor >= limit is the same as value >= ceil(limit / factor)
    int monitoredFrom = (int) ceil(MONITORED_FROM * ratioScale, factor);
    int monitoredTo = (int) (MONITORED_TO * ratioScale / factor);
    int upper = (int) (UPPER * ratioScale / factor);
    int lower = (int) ceil((segment.singlePhase ? LOWER_SINGLE_PHASE : LOWER_THREE_PHASE) * ratioScale, factor);
    // nearly every day passes as a whole: its extremes tell
    int lowest = Integer.MAX_VALUE;
    int highest = Integer.MIN_VALUE;
    if (points[0] == 1) {
      for (int k = first; k < end; k++) {
        int raw = PackedCurve.int16(points, k);
        lowest = Math.min(lowest, raw);
        highest = Math.max(highest, raw);
      }
    } else {
      for (int k = first; k < end; k++) {
        int raw = PackedCurve.int32(points, k);
        lowest = Math.min(lowest, raw);
        highest = Math.max(highest, raw);
      }
    }
    if (lowest >= lower && highest <= upper) {
      monitored += end - first;
      return;
    }
    int below = 0;
    for (int k = first; k < end; k++) {
      int raw = PackedCurve.raw(points, k);
      if (raw < monitoredFrom || raw > monitoredTo) continue;
      monitored++;
      if (raw > upper) over++;
      if (raw < lower) below++;
    }
    under += below;
    if (low != null && below > 0) addRuns(points, day, first, end, monitoredFrom, lower, low);
  }

  private static void addRuns(byte[] points, int day, int first, int end, int monitoredFrom, int lower, EdgeRuns low) {
    int base = day * PackedCurve.POINTS;
    int start = -1;
    for (int k = first; k <= end; k++) {
      int raw = k == end ? Integer.MIN_VALUE : PackedCurve.raw(points, k);
      if (raw >= monitoredFrom && raw < lower) {
        if (start < 0) start = k;
      } else if (start >= 0) {
        low.add(base + start, base + k, 0, start == first || k == end);
        start = -1;
      }
    }
  }

  void merge(VoltageFold other) {
    monitored += other.monitored;
    over += other.over;
    under += other.under;
  }

  private static long ceil(long value, long divisor) {
    return -Math.floorDiv(-value, divisor);
  }
}
