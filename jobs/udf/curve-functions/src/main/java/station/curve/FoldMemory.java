package station.curve;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * How many bytes of heap the fold of one area holds when all its curves were taken: what a task holds is this times the areas of its bucket.
 * `java -cp curve-functions.jar station.curve.FoldMemory [users] [days]` prints one number.
 */
public final class FoldMemory {
  private static final int AREAS = 24;

  private FoldMemory() {}

  public static void main(String[] args) throws InterruptedException {
    int users = args.length > 0 ? Integer.parseInt(args[0]) : 111;
    int days = args.length > 1 ? Integer.parseInt(args[1]) : 365;
    List<AreaArchive.MeterEntry> meters = new ArrayList<>();
    List<AreaArchive.UserEntry> members = new ArrayList<>();
    list(users, meters, members);
    long before = used();
    List<AreaFold> folds = new ArrayList<>();
    for (int area = 0; area < AREAS; area++) {
      AreaFold fold = new AreaFold();
      fold.accept(new AreaArchive(0, days - 1, "Dyn11", period(4_000_000), meters, members, List.of()));
      folds.add(fold);
    }
    // files are read kind after kind: days of P wait for their Q
    long most = 0;
    for (Kind kind : Kind.values()) {
      for (int area = 0; area < AREAS; area++) accept(folds.get(area), area, kind, days, meters);
      most = Math.max(most, used() - before);
    }
    System.out.println(most / AREAS);
    if (folds.get(AREAS - 1).isEmpty()) throw new IllegalStateException("nothing was folded");
  }

  /** One of ten users has a three-phase meter with Q, as in the synthetic sets. */
  private static void list(int users, List<AreaArchive.MeterEntry> meters, List<AreaArchive.UserEntry> members) {
    meters.add(meter("G", null, false, "ABC", true));
    for (int user = 0; user < users; user++) {
      boolean threePhase = user % 10 == 0;
      members.add(new AreaArchive.UserEntry("U" + user, period(1), period(80_000)));
      meters.add(meter("M" + user, "U" + user, !threePhase, threePhase ? "ABC" : "A", threePhase));
    }
  }

  private static void accept(AreaFold fold, int area, Kind kind, int days, List<AreaArchive.MeterEntry> meters) {
    long[] scratch = new long[PackedCurve.POINTS];
    for (AreaArchive.MeterEntry meter : meters) {
      if (meter.singlePhase() && kind != Kind.P && kind != Kind.UA || !meter.gateway() && kind.ordinal() >= Kind.IA.ordinal() && !kind.isVoltage()) continue;
      for (int day = 0; day < days; day++) fold.accept(meter.meterId(), kind, day, SyntheticDay.make(kind, area * 1_000L + meter.meterId().hashCode(), day, 3, 0.4, 0.02, scratch));
    }
  }

  private static Period[] period(long value) {
    return new Period[] {new Period(Integer.MIN_VALUE, Integer.MAX_VALUE, value)};
  }

  private static AreaArchive.MeterEntry meter(String id, String userId, boolean singlePhase, String phase, boolean reactive) {
    return new AreaArchive.MeterEntry(id, id, userId == null, userId, singlePhase, phase, BigDecimal.ONE, BigDecimal.ONE, Long.MIN_VALUE, Long.MAX_VALUE, Period.NONE, Period.NONE, reactive, 0);
  }

  private static long used() throws InterruptedException {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 4; i++) {
      System.gc();
      Thread.sleep(50);
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
