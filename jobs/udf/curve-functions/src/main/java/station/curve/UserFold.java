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
  private static final long serialVersionUID = 2;

  static final int OVER_RUN_POINTS = 2;
  /** No row is just being taken. */
  private static final int NO_SLOT = -1;

  private final KeptCurves kept;
  private final int days;
  /** Of a day: P and Q of every meter. */
  private final int slots;

  boolean hasData;
  long ownMaximum;
  private EdgeRuns over;
  /** By metering point and phase. */
  private EdgeRuns[] low;
  /** Rows of days that are not complete yet, by day and slot. */
  private int[] waiting;
  private final boolean[] folded;
  private BitSet voltagesSeen;

  UserFold(AreaArchive.Member member, int days, KeptCurves kept) {
    this.kept = kept;
    this.days = days;
    slots = 2 * countSegments(member);
    folded = new boolean[days];
  }

  /** Takes a P or Q row of one of the user's meters. Returns false when this row was there already. */
  boolean acceptPower(AreaArchive.Member member, Segment segment, boolean reactive, int day, byte[] points, DaySums sums) {
    if (folded[day]) return false;
    // by far the most rows: one meter all day, no reactive curve
    if (!segment.hasReactive && !reactive && member.points.length == 1 && segment.firstPointOf(day) == 0 && segment.endPointOf(day) == PackedCurve.POINTS) {
      foldSimpleDay(member, segment, day, points, null, sums);
      folded[day] = true;
      return true;
    }
    int slot = 2 * slotOf(member, segment) + (reactive ? 1 : 0);
    if (isWaiting(day, slot)) return false;
    if (isComplete(member, day, slot)) {
      byte[][] rows = takeDay(day);
      rows[slot] = points;
      foldDay(member, rows, day, sums);
    } else {
      if (waiting == null) waiting = new int[days * slots];
      waiting[day * slots + slot] = kept.keep(points);
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
  boolean isFirstVoltage(AreaArchive.Member member, Segment segment, int phase, int day) {
    if (voltagesSeen == null) voltagesSeen = new BitSet(3 * slots / 2 * days);
    int index = (3 * slotOf(member, segment) + phase) * days + day;
    if (voltagesSeen.get(index)) return false;
    voltagesSeen.set(index);
    return true;
  }

  private boolean isWaiting(int day, int slot) {
    return waiting != null && waiting[day * slots + slot] != KeptCurves.NONE;
  }

  /** The rows that wait for the others of a day; they wait no longer. */
  private byte[][] takeDay(int day) {
    byte[][] rows = new byte[slots][];
    for (int slot = 0; slot < slots; slot++) {
      if (!isWaiting(day, slot)) continue;
      rows[slot] = kept.take(waiting[day * slots + slot]);
      waiting[day * slots + slot] = KeptCurves.NONE;
    }
    return rows;
  }

  /** Whether all rows of a day are there; `arriving` is the slot of the row that is just taken, if any. */
  private boolean isComplete(AreaArchive.Member member, int day, int arriving) {
    int slot = 0;
    for (Segment[] point : member.points) {
      for (Segment segment : point) {
        if (segment.covers(day)) {
          if (slot != arriving && !isWaiting(day, slot)) return false;
          if (segment.hasReactive && slot + 1 != arriving && !isWaiting(day, slot + 1)) return false;
        }
        slot += 2;
      }
    }
    return true;
  }

  /** A day of one meter; `reactive` may be null. */
  private void foldSimpleDay(AreaArchive.Member member, Segment segment, int day, byte[] active, byte[] reactive, DaySums sums) {
    int highest = sums.add(active, segment.powerRatio);
    if (highest == DaySums.NONE) return;
    long largest = reactive == null ? 0 : PackedCurve.largestMagnitude(reactive) * (segment.powerRatio * DaySums.unitOf(reactive));
    if (!foldMaximum(member, day, highest * (segment.powerRatio * DaySums.unitOf(active)), largest)) return;
    addOverRuns(member.contract[day], day, decode(segment, Kind.P, active), reactive == null ? null : decode(segment, Kind.Q, reactive));
  }

  private static long[] decode(Segment segment, Kind kind, byte[] points) {
    long[] values = new long[PackedCurve.POINTS];
    Arrays.fill(values, PackedCurve.MISSING);
    PackedCurve.decode(points, kind, segment.powerRatio, 0, PackedCurve.POINTS, values);
    return values;
  }

  private void foldDay(AreaArchive.Member member, byte[][] rows, int day, DaySums sums) {
    folded[day] = true;
    Segment first = member.points[0][0];
    if (slots == 2 && rows[0] != null && first.firstPointOf(day) == 0 && first.endPointOf(day) == PackedCurve.POINTS) {
      foldSimpleDay(member, first, day, rows[0], rows[1], sums);
      return;
    }
    long[] active = sum(member, rows, day, Kind.P);
    long highest = sums.add(active);
    if (highest == PackedCurve.MISSING) return;
    long[] reactive = sum(member, rows, day, Kind.Q);
    long largest = 0;
    for (long value : reactive) if (value != PackedCurve.MISSING) largest = Math.max(largest, Math.abs(value));
    if (foldMaximum(member, day, highest, largest)) addOverRuns(member.contract[day], day, active, reactive);
  }

  /** Takes the day's highest P. Whether together with the largest Q it may be over capacity: most days are far from it, and no point need be looked at. */
  private boolean foldMaximum(AreaArchive.Member member, int day, long highest, long largest) {
    hasData = true;
    ownMaximum = Math.max(ownMaximum, highest);
    long contract = member.contract[day];
    if (contract == Period.NONE || contract <= 0 || highest <= 0) return false;
    if (isOver(highest, contract)) return true;
    double square = (double) highest * highest + (double) largest * largest;
    double limit = 1.21 * contract * contract;
    return square > limit || Exact.isNear(square, limit);
  }

  /** P / 0.95 / contract > 1.10, in integers. */
  private static boolean isOver(long active, long contract) {
    return Exact.compareProducts(active, 1_000, contract, 1_045) > 0;
  }

  /** Sum over the metering points, a point valid only when all of them are. */
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

  void merge(UserFold other, AreaArchive.Member member, DaySums[] sums) {
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
    for (int day = 0; day < days; day++) folded[day] |= other.folded[day];
    if (other.waiting == null) return;
    if (waiting == null) waiting = new int[days * slots];
    for (int day = 0; day < days; day++) {
      if (!other.hasWaiting(day)) continue;
      byte[][] theirs = other.takeDay(day);
      for (int slot = 0; slot < slots; slot++) if (theirs[slot] != null && !isWaiting(day, slot)) waiting[day * slots + slot] = kept.keep(theirs[slot]);
      if (isComplete(member, day, NO_SLOT)) foldDay(member, takeDay(day), day, AreaFold.sumsOf(sums, day));
    }
  }

  private boolean hasWaiting(int day) {
    for (int slot = 0; slot < slots; slot++) if (isWaiting(day, slot)) return true;
    return false;
  }

  /** Folds the days that never became complete and joins the runs. Nothing may be added afterwards. */
  void close(AreaArchive.Member member, DaySums[] sums) {
    for (int day = 0; day < days; day++) if (hasWaiting(day)) foldDay(member, takeDay(day), day, AreaFold.sumsOf(sums, day));
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
