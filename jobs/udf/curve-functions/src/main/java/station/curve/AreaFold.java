package station.curve;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * One area's curves and archive, taken row by row and folded into its figures. Curves may come in any order. The archive comes first; so few
 * rows that they cost nothing may come before it.
 */
public final class AreaFold implements Serializable {
  private static final long serialVersionUID = 3;

  /** Curves may lie under an area that the archive does not know: they are let go, lest they fill the memory. */
  static final int EARLY_MOST = 2_000;
  private static final String TOO_EARLY = "more than " + EARLY_MOST + " curves of an area came before its archive; curve_day and area_archive must have the same buckets";

  private AreaArchive archive;
  private GatewayRows gateway;
  private DaySums[] sums;
  private UserFold[] users;
  private final KeptCurves kept = new KeptCurves();
  private final VoltageFold voltages = new VoltageFold();
  private List<EarlyRow> early;
  private boolean earlyForgotten;
  private long curveRows;
  private long ignoredRows;
  private long badRows;
  private long repeatedRows;
  private long userDays;

  private transient String lastMeterId;
  private transient Segment[] lastSegments;

  /** A row that came before the archive. */
  private record EarlyRow(String meterId, Kind kind, int day, byte[] points) implements Serializable {}

  public boolean isEmpty() {
    return archive == null && early == null;
  }

  /** Curves that are kept: those of gateway meters, and those of users that wait for another row of their day. */
  int keptCurves() {
    return kept.count();
  }

  /** The archive of the area, once. Rows that came before it are taken now. Throws IllegalStateException when these were too many. */
  public void accept(AreaArchive of) {
    if (archive != null) throw new IllegalStateException("an area has two archives");
    if (earlyForgotten) throw new IllegalStateException(TOO_EARLY);
    archive = of;
    gateway = new GatewayRows(of, kept);
    sums = new DaySums[of.days];
    users = new UserFold[of.members.length];
    List<EarlyRow> rows = early;
    early = null;
    if (rows != null) for (EarlyRow row : rows) accept(row.meterId, row.kind, row.day, row.points);
  }

  /** A curve row; `day` counts from 1970. The points are copied where they are kept: the caller may use the array again. */
  public void accept(String meterId, Kind kind, int day, byte[] points) {
    if (archive == null) {
      keepEarly(new EarlyRow(meterId, kind, day, points.clone()));
      return;
    }
    int index = day - archive.firstDay;
    if (index < 0 || index >= archive.days) {
      ignoredRows++;
      return;
    }
    if (!PackedCurve.isWellFormed(points)) {
      badRows++;
      return;
    }
    if (lastSegments == null || !meterId.equals(lastMeterId)) {
      lastMeterId = meterId;
      lastSegments = archive.segments.getOrDefault(meterId, NO_SEGMENTS);
    }
    boolean used = false;
    boolean repeated = false;
    for (Segment segment : lastSegments) {
      if (!segment.covers(index)) continue;
      if (segment.user == Segment.GATEWAY) {
        used = gateway.accept(segment, kind, index, archive.days, points);
        repeated = !used;
        if (used && kind.isVoltage() && measures(segment, kind)) voltages.add(points, segment, kind, index, archive.ratioScale, null);
      } else if (archive.members[segment.user].belongs[index]) {
        AreaArchive.Member member = archive.members[segment.user];
        UserFold user = users[segment.user];
        if (user == null) user = users[segment.user] = new UserFold(member, archive.days, kept);
        if (kind.isPower()) {
          used = user.acceptPower(member, segment, kind == Kind.Q, index, points, sumsOf(sums, index));
          repeated = !used;
          if (used && kind == Kind.P) userDays++;
        } else if (kind.isVoltage() && measures(segment, kind)) {
          used = user.isFirstVoltage(member, segment, kind.phase(), index);
          repeated = !used;
          if (used) voltages.add(points, segment, kind, index, archive.ratioScale, user.lowRuns(member, segment, kind.phase()));
        }
      }
    }
    if (used) curveRows++;
    else if (repeated) repeatedRows++;
    else ignoredRows++;
  }

  private void keepEarly(EarlyRow row) {
    if (early == null) early = new ArrayList<>();
    if (early.size() == EARLY_MOST) {
      earlyForgotten = true;
      early.clear();
    }
    if (!earlyForgotten) early.add(row);
  }

  private static final Segment[] NO_SEGMENTS = {};

  /** A single-phase meter measures its own phase, a three-phase meter all. */
  private static boolean measures(Segment segment, Kind kind) {
    return !segment.singlePhase || segment.phase == kind.phase();
  }

  static DaySums sumsOf(DaySums[] sums, int day) {
    if (sums[day] == null) sums[day] = new DaySums();
    return sums[day];
  }

  /** Joins what two tasks saw of one area; `this` goes on. */
  public AreaFold merge(AreaFold other) {
    if (isEmpty()) return other;
    if (other.isEmpty()) return this;
    if (archive == null && other.archive != null) return other.merge(this);
    if (archive != null && other.earlyForgotten) throw new IllegalStateException(TOO_EARLY);
    earlyForgotten |= other.earlyForgotten;
    if (other.archive != null) {
      gateway.merge(other.gateway);
      for (int day = 0; day < sums.length; day++) {
        if (sums[day] == null) sums[day] = other.sums[day];
        else if (other.sums[day] != null) sums[day].merge(other.sums[day]);
      }
      for (int user = 0; user < users.length; user++) {
        if (users[user] == null) users[user] = other.users[user];
        else if (other.users[user] != null) users[user].merge(other.users[user], archive.members[user], sums);
      }
      voltages.merge(other.voltages);
      curveRows += other.curveRows;
      ignoredRows += other.ignoredRows;
      badRows += other.badRows;
      repeatedRows += other.repeatedRows;
      userDays += other.userDays;
    } else if (other.early != null) {
      for (EarlyRow row : other.early) accept(row.meterId, row.kind, row.day, row.points);
    }
    return this;
  }

  /** The figures, null for an area that is not on the list (it has no archive). */
  public AreaFigures finish() {
    if (archive == null) return null;
    AreaFigures figures = new AreaFigures();
    figures.days = archive.days;
    double unit = 10_000.0 * archive.ratioScale;
    int[] withData = new int[archive.days];
    for (int user = 0; user < users.length; user++) {
      if (users[user] == null) continue;
      AreaArchive.Member member = archive.members[user];
      users[user].close(member, sums);
      int low = users[user].longestLowRun();
      if (low > 0) figures.users.add(new AreaFigures.UserFinding("I10", member.userId, low * 0.25));
      double ratio = users[user].overCapacityRatio();
      if (ratio > 0) figures.users.add(new AreaFigures.UserFinding("I11", member.userId, ratio));
      if (!users[user].hasData) continue;
      figures.usersWithData++;
      figures.sumOfMaximaKw += users[user].ownMaximum / unit;
      for (int day = 0; day < archive.days; day++) if (member.belongs[day]) withData[day]++;
    }
    coincidence(figures, withData, unit);
    LoadCalculator load = new LoadCalculator(archive, figures);
    load.build(gateway, sums);
    load.calculate();
    load.calculateDays();
    new PhaseCalculator(archive, figures).calculate(gateway, load.active);
    figures.voltagePoints = voltages.monitored;
    figures.voltageOver = voltages.over;
    figures.voltageUnder = voltages.under;
    figures.curveRows = curveRows;
    figures.ignoredRows = ignoredRows;
    figures.badRows = badRows;
    figures.repeatedRows = repeatedRows;
    figures.userDays = userDays;
    return figures;
  }

  /** I13: the largest sum of max(P, 0) over the users, scaled where at least nine tenths are valid. */
  private void coincidence(AreaFigures figures, int[] withData, double unit) {
    double largest = AreaFigures.NOTHING;
    for (int day = 0; day < archive.days; day++) {
      if (sums[day] == null) continue;
      long members = withData[day];
      for (int k = 0; k < PackedCurve.POINTS; k++) {
        long valid = sums[day].valid(k);
        if (valid == 0 || valid * 10 < members * 9) continue;
        double sum = (double) sums[day].positive[k] * members / valid;
        if (!(sum <= largest)) largest = sum;
      }
    }
    figures.coincidentKw = largest / unit;
  }
}
