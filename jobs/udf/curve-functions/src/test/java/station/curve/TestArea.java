package station.curve;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A small area for tests: 400 kVA, Dyn11, one gateway meter of ratio 160, two days from day 0. */
final class TestArea {
  static final Period[] ALWAYS_HERE = {new Period(Integer.MIN_VALUE, Integer.MAX_VALUE, 1)};

  final List<AreaArchive.MeterEntry> meters = new ArrayList<>();
  final List<AreaArchive.UserEntry> users = new ArrayList<>();
  final List<AreaArchive.RegisterEntry> registers = new ArrayList<>();
  Period[] rated = {new Period(Integer.MIN_VALUE, Integer.MAX_VALUE, 4_000_000)};
  String connection = "Dyn11";
  int days = 2;

  static TestArea withGateway() {
    TestArea area = new TestArea();
    area.meters.add(meter("G", "MPG", null, 160, Long.MIN_VALUE, Long.MAX_VALUE, false));
    return area;
  }

  TestArea user(String userId, int contractKva, boolean reactive) {
    users.add(new AreaArchive.UserEntry(userId, ALWAYS_HERE, new Period[] {new Period(Integer.MIN_VALUE, Integer.MAX_VALUE, contractKva * 10_000L)}));
    meters.add(meter("M" + userId, "MP" + userId, userId, 1, Long.MIN_VALUE, Long.MAX_VALUE, reactive));
    return this;
  }

  static AreaArchive.MeterEntry meter(String meterId, String pointId, String userId, int ct, long from, long to, boolean reactive) {
    return new AreaArchive.MeterEntry(meterId, pointId, userId == null, userId, userId != null, userId == null ? "ABC" : "A", BigDecimal.valueOf(ct), BigDecimal.ONE, from, to, Period.NONE, Period.NONE, reactive, 0);
  }

  AreaArchive archive() {
    return new AreaArchive(0, days - 1, connection, rated, meters, users, registers);
  }

  /** Runs of (count, value in 10^-4), 96 points. */
  static byte[] curve(Kind kind, long... runs) {
    long[] values = new long[PackedCurve.POINTS];
    int at = 0;
    for (int i = 0; i < runs.length; i += 2) {
      Arrays.fill(values, at, at + (int) runs[i], runs[i + 1]);
      at += (int) runs[i];
    }
    if (at != PackedCurve.POINTS) throw new IllegalArgumentException("a test curve of " + at + " points");
    return PackedCurve.pack(values, kind);
  }
}
