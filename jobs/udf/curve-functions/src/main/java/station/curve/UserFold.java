package station.curve;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.BitSet;

/**
 * What one user gives to its area: its part of the area's sums, its own maximum (I13), its runs over capacity (I11) and its runs of low
 * voltage (I10). A user-day is folded as soon as all its rows are there, so that only days that still wait for a row are held.
 */
final class UserFold implements Serializable {
  private static final long serialVersionUID = 1;

  static final int OVER_RUN_POINTS = 2;

  boolean hasData;
  long ownMaximum;
  private EdgeRuns over;
  /** By metering point and phase. */
  private EdgeRuns[] low;
  /** Rows of days that are not complete yet, by day. */
  private byte[][][] waiting;
  private boolean[] folded;
  private BitSet voltagesSeen;

  /** Takes a P or Q row of one of the user's meters. Returns false when this row was there already. */
  boolean acceptPower(AreaArchive archive, AreaArchive.Member member, Segment segment, boolean reactive, int day, byte[] points, DaySums sums) {
    if (folded == null) folded = new boolean[archive.days];
    if (folded[day]) return false;
    // by far the most rows: one meter all day, no reactive curve
    if (!segment.hasReactive && !reactive && member.points.length == 1 && segment.firstPointOf(day) == 0 && segment.endPointOf(day) == PackedCurve.POINTS) {
      foldSimpleDay(member, segment, day, points, sums);
      folded[day] = true;
      return true;
    }
    if (waiting == null) waiting = new byte[archive.days][][];
    if (waiting[day] == null) waiting[day] = new byte[2 * countSegments(member)][];
    byte[][] rows = waiting[day];
    int slot = 2 * slotOf(member, segment) + (reactive ? 1 : 0);
    if (rows[slot] != null) return false;
    rows[slot] = points;
    if (isComplete(member, rows, day)) {
      waiting[day] = null;
      foldDay(member, rows, day, sums);
    }
    return true;
  }

  EdgeRuns lowRuns(AreaArchive.Member member, Segment segment, int phase) {
    if (low == null) low = new EdgeRuns[3 * member.points.length];
    int index = 3 * segment.point + phase;
    if (low[index] == null) low[index] = new EdgeRuns(VoltageFold.LOW_RUN_POINTS);
    return low[index];
  }

  /** False when this voltage row was there already. */
  boolean isFirstVoltage(AreaArchive archive, AreaArchive.Member member, Segment segment, int phase, int day) {
    if (voltagesSeen == null) voltagesSeen = new BitSet();
    int index = (3 * slotOf(member, segment) + phase) * archive.days + day;
    if (voltagesSeen.get(index)) return false;
    voltagesSeen.set(index);
    return true;
  }

  private static boolean isComplete(AreaArchive.Member member, byte[][] rows, int day) {
    int slot = 0;
    for (Segment[] point : member.points) {
      for (Segment segment : point) {
        if (segment.covers(day) && (rows[slot] == null || segment.hasReactive && rows[slot + 1] == null)) return false;
        slot += 2;
      }
    }
    return true;
  }

  private void foldSimpleDay(AreaArchive.Member member, Segment segment, int day, byte[] points, DaySums sums) {
    int highest = sums.add(points, segment.powerRatio);
    if (highest == DaySums.NONE) return;
    hasData = true;
    long maximum = highest * (segment.powerRatio * DaySums.unitOf(points));
    ownMaximum = Math.max(ownMaximum, maximum);
    long contract = member.contract[day];
    if (contract == Period.NONE || contract <= 0 || !isOver(maximum, contract)) return;
    long[] active = new long[PackedCurve.POINTS];
    Arrays.fill(active, PackedCurve.MISSING);
    PackedCurve.decode(points, Kind.P, segment.powerRatio, 0, PackedCurve.POINTS, active);
    addOverRuns(contract, day, active, null);
  }

  private void foldDay(AreaArchive.Member member, byte[][] rows, int day, DaySums sums) {
    folded[day] = true;
    long[] active = sum(member, rows, day, Kind.P);
    if (active == null) return;
    long highest = sums.add(active);
    if (highest == PackedCurve.MISSING) return;
    hasData = true;
    ownMaximum = Math.max(ownMaximum, highest);
    long contract = member.contract[day];
    if (contract == Period.NONE || contract <= 0 || highest <= 0) return;
    long[] reactive = sum(member, rows, day, Kind.Q);
    if (isOver(highest, contract) || mayBeOver(highest, reactive, contract)) addOverRuns(contract, day, active, reactive);
  }

  /** Whether the day's highest P and largest Q together could be over capacity: on most days they are far from it, and no point need be looked at. */
  private static boolean mayBeOver(long highest, long[] reactive, long contract) {
    if (reactive == null) return false;
    long largest = 0;
    for (long value : reactive) if (value != PackedCurve.MISSING) largest = Math.max(largest, Math.abs(value));
    double square = (double) highest * highest + (double) largest * largest;
    double limit = 1.21 * contract * contract;
    return square > limit || Exact.isNear(square, limit);
  }

  /** P / 0.95 / contract > 1.10, in integers. */
  private static boolean isOver(long active, long contract) {
    return Exact.compareProducts(active, 1_000, contract, 1_045) > 0;
  }

  /** Sum over the metering points, a point valid only when all of them are; null when there is none. */
  private static long[] sum(AreaArchive.Member member, byte[][] rows, int day, Kind kind) {
    long[] total = null;
    int slot = kind == Kind.P ? 0 : 1;
    for (Segment[] point : member.points) {
      long[] values = new long[PackedCurve.POINTS];
      Arrays.fill(values, PackedCurve.MISSING);
      for (Segment segment : point) {
        byte[] row = rows[slot];
        slot += 2;
        if (row != null && segment.covers(day)) PackedCurve.decode(row, kind, segment.powerRatio, segment.firstPointOf(day), segment.endPointOf(day), values);
      }
      if (total == null) {
        total = values;
        continue;
      }
      for (int k = 0; k < PackedCurve.POINTS; k++) total[k] = total[k] == PackedCurve.MISSING || values[k] == PackedCurve.MISSING ? PackedCurve.MISSING : total[k] + values[k];
    }
    return total;
  }

  private void addOverRuns(long contract, int day, long[] active, long[] reactive) {
    int base = day * PackedCurve.POINTS;
    int start = -1;
    double peak = 0;
    for (int k = 0; k <= PackedCurve.POINTS; k++) {
      double ratio = k == PackedCurve.POINTS ? 0 : overRatio(active[k], reactive == null ? PackedCurve.MISSING : reactive[k], contract);
      if (ratio > 0) {
        if (start < 0) start = k;
        peak = Math.max(peak, ratio);
      } else if (start >= 0) {
        if (over == null) over = new EdgeRuns(OVER_RUN_POINTS);
        over.add(base + start, base + k, peak, start == 0 || k == PackedCurve.POINTS);
        start = -1;
        peak = 0;
      }
    }
  }

  /** S / contract where it is more than 1.10 and the user consumes, else 0. */
  static double overRatio(long active, long reactive, long contract) {
    if (active == PackedCurve.MISSING || active <= 0) return 0;
    if (reactive == PackedCurve.MISSING) {
      return isOver(active, contract) ? active / 0.95 / contract : 0;
    }
    double square = (double) active * active + (double) reactive * reactive;
    double limit = 1.21 * contract * contract;
    boolean over;
    if (!Exact.isNear(square, limit)) {
      over = square > limit;
    } else {
      BigInteger s = BigInteger.valueOf(active).pow(2).add(BigInteger.valueOf(reactive).pow(2)).multiply(BigInteger.valueOf(100));
      over = s.compareTo(BigInteger.valueOf(contract).pow(2).multiply(BigInteger.valueOf(121))) > 0;
    }
    return over ? Math.sqrt(square) / contract : 0;
  }

  void merge(UserFold other, AreaArchive archive, AreaArchive.Member member, DaySums[] sums) {
    hasData |= other.hasData;
    ownMaximum = Math.max(ownMaximum, other.ownMaximum);
    if (over == null) over = other.over;
    else if (other.over != null) over.merge(other.over);
    if (low == null) low = other.low;
    else if (other.low != null) {
      for (int i = 0; i < low.length; i++) {
        if (low[i] == null) low[i] = other.low[i];
        else if (other.low[i] != null) low[i].merge(other.low[i]);
      }
    }
    if (voltagesSeen == null) voltagesSeen = other.voltagesSeen;
    else if (other.voltagesSeen != null) voltagesSeen.or(other.voltagesSeen);
    if (folded == null) folded = other.folded;
    else if (other.folded != null) for (int day = 0; day < folded.length; day++) folded[day] |= other.folded[day];
    if (other.waiting == null) return;
    if (waiting == null) waiting = new byte[archive.days][][];
    for (int day = 0; day < archive.days; day++) {
      byte[][] theirs = other.waiting[day];
      if (theirs == null) continue;
      if (waiting[day] == null) waiting[day] = new byte[theirs.length][];
      byte[][] rows = waiting[day];
      for (int slot = 0; slot < rows.length; slot++) if (rows[slot] == null) rows[slot] = theirs[slot];
      if (isComplete(member, rows, day)) {
        waiting[day] = null;
        foldDay(member, rows, day, AreaFold.sumsOf(sums, day));
      }
    }
  }

  /** Folds the days that never became complete and joins the runs. Nothing may be added afterwards. */
  void close(AreaArchive archive, AreaArchive.Member member, DaySums[] sums) {
    if (waiting != null) {
      for (int day = 0; day < archive.days; day++) if (waiting[day] != null) foldDay(member, waiting[day], day, AreaFold.sumsOf(sums, day));
      waiting = null;
    }
    if (over != null) over.close();
    if (low != null) for (EdgeRuns runs : low) if (runs != null) runs.close();
  }

  /** Longest run of low voltage, points. */
  int longestLowRun() {
    int longest = 0;
    if (low != null) for (EdgeRuns runs : low) if (runs != null) longest = Math.max(longest, runs.longest());
    return longest;
  }

  /** Largest S / contract inside runs over capacity, 0 when there is no run. */
  double overCapacityRatio() {
    return over == null || over.longest() == 0 ? 0 : over.highest();
  }

  private static int countSegments(AreaArchive.Member member) {
    int count = 0;
    for (Segment[] point : member.points) count += point.length;
    return count;
  }

  private static int slotOf(AreaArchive.Member member, Segment wanted) {
    int slot = 0;
    for (Segment[] point : member.points) {
      for (Segment segment : point) {
        if (segment == wanted) return slot;
        slot++;
      }
    }
    throw new IllegalStateException("a segment of another user");
  }
}
