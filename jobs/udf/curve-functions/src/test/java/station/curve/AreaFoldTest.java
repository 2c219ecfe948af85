package station.curve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class AreaFoldTest {
  private static final long NONE = PackedCurve.MISSING;

  private record Row(String meter, Kind kind, int day, byte[] points) {}

  private static AreaFigures fold(TestArea area, Row... rows) {
    AreaFold fold = new AreaFold();
    fold.accept(area.archive());
    for (Row row : rows) fold.accept(row.meter, row.kind, row.day, row.points);
    return fold.finish();
  }

  private static Row p(int day, long... runs) {
    return new Row("G", Kind.P, day, TestArea.curve(Kind.P, runs));
  }

  @Test
  void findsTheMaximumAndItsEarliestPoint() {
    AreaFigures figures = fold(TestArea.withGateway(), p(0, 40, 5_000, 8, 12_500, 48, 12_500));
    assertEquals(200, figures.maxKw, 1e-9);
    assertEquals(40, figures.maxKwAt);
  }

  @Test
  void countsExactlyEightyPercentAsHeavyAndOneStepBelowNot() {
    TestArea area = TestArea.withGateway();
    Row zero = new Row("G", Kind.Q, 0, TestArea.curve(Kind.Q, 96, 0));
    // 2.0 kW x 160 = 320 kVA of 400
    assertEquals(8, fold(area, p(0, 40, 10_000, 8, 20_000, 48, 10_000), zero).heavyPoints);
    assertEquals(0, fold(area, p(0, 40, 10_000, 8, 19_999, 48, 10_000), zero).heavyPoints);
  }

  @Test
  void decidesAFilledPointAtTheLimitExactly() {
    // thirds: 1.9, (2.0), (2.1), 2.2 has no double at 2.0, and four more points of 2.0 make eight
    AreaFigures figures = fold(TestArea.withGateway(), p(0, 30, 10_000, 4, 20_000, 1, 19_900, 2, NONE, 1, 20_200, 4, 20_300, 54, 10_000), new Row("G", Kind.Q, 0, TestArea.curve(Kind.Q, 96, 0)));
    assertEquals(0, figures.heavyRuns);
    figures = fold(TestArea.withGateway(), p(0, 30, 10_000, 4, 20_000, 2, NONE, 4, 20_000, 56, 10_000), new Row("G", Kind.Q, 0, TestArea.curve(Kind.Q, 96, 0)));
    assertEquals(10, figures.heavyPoints);
    assertEquals(2, figures.filledPoints);
  }

  @Test
  void callsExactlyTwentyFivePercentBalanced() {
    TestArea area = TestArea.withGateway();
    Row a = new Row("G", Kind.IA, 0, TestArea.curve(Kind.IA, 96, 12_000));
    Row c = new Row("G", Kind.IC, 0, TestArea.curve(Kind.IC, 96, 10_000));
    assertEquals(0, fold(area, a, new Row("G", Kind.IB, 0, TestArea.curve(Kind.IB, 96, 9_000)), c).imbalanceRuns);
    assertEquals(1, fold(area, a, new Row("G", Kind.IB, 0, TestArea.curve(Kind.IB, 96, 8_999)), c).imbalanceRuns);
    area.connection = "Yyn0";
    assertEquals(1, fold(area, a, new Row("G", Kind.IB, 0, TestArea.curve(Kind.IB, 96, 9_000)), c).imbalanceRuns);
  }

  @Test
  void callsExactlyOneHundredAndTenPercentNoOverload() {
    TestArea area = TestArea.withGateway().user("U", 10, true);
    Row zero = new Row("MU", Kind.Q, 0, TestArea.curve(Kind.Q, 96, 0));
    assertTrue(fold(area, new Row("MU", Kind.P, 0, TestArea.curve(Kind.P, 40, 20_000, 8, 110_000, 48, 20_000)), zero).users.isEmpty());
    List<AreaFigures.UserFinding> found = fold(area, new Row("MU", Kind.P, 0, TestArea.curve(Kind.P, 40, 20_000, 2, 110_001, 54, 20_000)), zero).users;
    assertEquals("I11", found.get(0).indicator());
    assertEquals(1.10001, found.get(0).value(), 1e-9);
  }

  @Test
  void findsAnOverloadThatOnlyReactivePowerMakes() {
    TestArea area = new TestArea().user("U", 10, true);
    Row active = new Row("MU", Kind.P, 0, TestArea.curve(Kind.P, 96, 66_000));
    // 6.6 and 8.8 make exactly 11, whichever sign Q has
    assertTrue(fold(area, active, new Row("MU", Kind.Q, 0, TestArea.curve(Kind.Q, 96, -88_000))).users.isEmpty());
    List<AreaFigures.UserFinding> found = fold(area, active, new Row("MU", Kind.Q, 0, TestArea.curve(Kind.Q, 40, 0, 2, -88_001, 54, 0))).users;
    assertEquals("I11", found.get(0).indicator());
    assertEquals(1.1, found.get(0).value(), 1e-5);
    // and with Q of layout 1 that has a gap
    assertEquals(1, fold(area, active, new Row("MU", Kind.Q, 0, TestArea.curve(Kind.Q, 40, 0, 2, 88_100, 53, 0, 1, NONE))).users.size());
  }

  @Test
  void takesTheLaterOfTwoEqualLoadRatesForNoMaximum() {
    TestArea area = TestArea.withGateway();
    area.rated = new Period[] {new Period(0, 1, 4_000_000), new Period(1, 9, 8_000_000)};
    // S = sqrt(2) x 160 on 400 kVA, then twice as much on 800: equal, but not in doubles
    AreaFigures figures = fold(area, p(0, 96, 10_000), new Row("G", Kind.Q, 0, TestArea.curve(Kind.Q, 96, 10_000)), p(1, 96, 20_000), new Row("G", Kind.Q, 1, TestArea.curve(Kind.Q, 96, 20_000)));
    assertEquals(0, figures.maxLoadRateAt);
  }

  @Test
  void joinsARunOfAUserOverMidnightInWhateverOrderTheDaysCome() {
    TestArea area = new TestArea().user("U", 8, false);
    Row first = new Row("MU", Kind.P, 0, TestArea.curve(Kind.P, 95, 10_000, 1, 90_000));
    Row second = new Row("MU", Kind.P, 1, TestArea.curve(Kind.P, 1, 90_000, 95, 10_000));
    assertEquals(1, fold(area, first, second).users.size());
    assertEquals(1, fold(area, second, first).users.size());
    assertEquals(0, fold(area, first).users.size());
  }

  @Test
  void waitsForTheReactiveCurveOfAMeterThatHasOne() {
    TestArea area = new TestArea().user("U", 10, true);
    Row active = new Row("MU", Kind.P, 0, TestArea.curve(Kind.P, 96, 107_000));
    Row reactive = new Row("MU", Kind.Q, 0, TestArea.curve(Kind.Q, 96, 10_000));
    // alone 10.7 / 0.95 is over 11, with its Q it is not
    assertEquals(1, fold(area, active).users.size());
    assertEquals(0, fold(area, active, reactive).users.size());
    assertEquals(0, fold(area, reactive, active).users.size());
  }

  @Test
  void givesTheSameWhenTwoTasksSawPartsAndOneNeverSawTheArchive() throws Exception {
    TestArea area = TestArea.withGateway().user("U", 8, true).user("V", 8, false);
    Row[] rows = {
      p(0, 40, 5_000, 8, 22_500, 48, 7_500), p(1, 96, 25_000), new Row("MU", Kind.P, 0, TestArea.curve(Kind.P, 96, 90_000)), new Row("MU", Kind.Q, 0, TestArea.curve(Kind.Q, 96, 1_000)),
      new Row("MV", Kind.P, 0, TestArea.curve(Kind.P, 95, 10_000, 1, 90_000)), new Row("MV", Kind.P, 1, TestArea.curve(Kind.P, 1, 90_000, 95, 10_000)), new Row("MV", Kind.UA, 0, TestArea.curve(Kind.UA, 94, 2_200_000, 2, 1_900_000)),
      new Row("MV", Kind.UA, 1, TestArea.curve(Kind.UA, 2, 1_900_000, 94, 2_200_000)),
    };
    AreaFigures whole = fold(area, rows);
    assertEquals(3, whole.users.size());
    for (int split = 0; split <= rows.length; split++) {
      AreaFold left = new AreaFold();
      AreaFold right = new AreaFold();
      for (int i = 0; i < rows.length; i++) (i < split ? left : right).accept(rows[i].meter, rows[i].kind, rows[i].day, rows[i].points);
      right.accept(area.archive());
      AreaFigures merged = copy(left).merge(copy(right)).finish();
      assertEquals(whole.users, merged.users, "split " + split);
      assertEquals(whole.maxKw, merged.maxKw);
      assertEquals(whole.coincidentKw, merged.coincidentKw, 1e-9);
      assertEquals(whole.voltageUnder, merged.voltageUnder);
      assertEquals(whole.curveRows, merged.curveRows);
    }
  }

  private static AreaFold copy(AreaFold fold) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(fold);
    }
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (AreaFold) in.readObject();
    }
  }

  @Test
  void leavesTheArrayOfARowToItsCaller() {
    TestArea area = TestArea.withGateway().user("U", 10, true).user("V", 8, false);
    List<Row> rows = List.of(
        new Row("MU", Kind.P, 0, TestArea.curve(Kind.P, 96, 107_000)), p(0, 40, 5_000, 8, 12_500, 48, 12_500), new Row("MV", Kind.P, 0, TestArea.curve(Kind.P, 96, 20_000)),
        new Row("MU", Kind.Q, 0, TestArea.curve(Kind.Q, 96, 50_000)), new Row("G", Kind.Q, 0, TestArea.curve(Kind.Q, 96, 10_000)));
    // with the archive first and last: rows wait for it too
    for (int archiveAt : new int[] {0, rows.size()}) {
      AreaFold fold = new AreaFold();
      byte[] array = new byte[PackedCurve.LAYOUT_1_BYTES];
      for (int i = 0; i <= rows.size(); i++) {
        if (i == archiveAt) fold.accept(area.archive());
        if (i == rows.size()) break;
        System.arraycopy(rows.get(i).points, 0, array, 0, array.length);
        fold.accept(rows.get(i).meter, rows.get(i).kind, 0, array);
      }
      AreaFigures figures = fold.finish();
      assertEquals(200, figures.maxKw, 1e-9);
      assertEquals(96, figures.factorPoints);
      assertEquals(1, figures.users.size());
      assertEquals(Math.hypot(10.7, 5) / 10, figures.users.get(0).value(), 1e-9);
    }
  }

  @Test
  void keepsNoCurveOfAUserLongerThanItsDayIsIncomplete() {
    AreaFold fold = new AreaFold();
    fold.accept(new TestArea().user("U", 10, true).archive());
    for (int day = 0; day < 2; day++) {
      fold.accept("MU", day == 0 ? Kind.P : Kind.Q, day, TestArea.curve(Kind.P, 96, 10_000));
      assertEquals(1, fold.keptCurves());
      fold.accept("MU", day == 0 ? Kind.Q : Kind.P, day, TestArea.curve(Kind.Q, 96, 10_000));
      assertEquals(0, fold.keptCurves());
    }
  }

  @Test
  void takesEachMeterOfAUserWhileItIsInForce() {
    // MU until 10:00 of day 0, MW from then on; MX is taken out at 10:00 and has no successor
    TestArea area = new TestArea().user("U", 10, true).user("X", 10, true);
    area.meters.clear();
    area.meters.add(TestArea.meter("MU", "MPU", "U", 1, Long.MIN_VALUE, 600, true));
    area.meters.add(TestArea.meter("MW", "MPU", "U", 1, 600, Long.MAX_VALUE, true));
    area.meters.add(TestArea.meter("MX", "MPX", "X", 1, Long.MIN_VALUE, 600, true));
    Row[] rows = {
      new Row("MU", Kind.P, 0, TestArea.curve(Kind.P, 40, 20_000, 56, 900_000)), new Row("MU", Kind.Q, 0, TestArea.curve(Kind.Q, 96, 0)), new Row("MW", Kind.P, 0, TestArea.curve(Kind.P, 40, 900_000, 56, 30_000)),
      new Row("MW", Kind.Q, 0, TestArea.curve(Kind.Q, 96, 0)), new Row("MX", Kind.P, 0, TestArea.curve(Kind.P, 40, 10_000, 56, 900_000)), new Row("MX", Kind.Q, 0, TestArea.curve(Kind.Q, 40, 0, 56, 900_000)),
    };
    AreaFigures figures = fold(area, rows);
    assertEquals(4, figures.sumOfMaximaKw, 1e-9);
    assertTrue(figures.users.isEmpty());
    assertEquals(6, figures.curveRows);
  }

  @Test
  void addsTheMeteringPointsOfAUserWhateverTheSignOfQ() {
    TestArea area = new TestArea().user("U", 10, true);
    area.meters.add(TestArea.meter("MT", "MPT", "U", 1, Long.MIN_VALUE, Long.MAX_VALUE, true));
    Row first = new Row("MU", Kind.P, 0, TestArea.curve(Kind.P, 96, 30_000));
    Row second = new Row("MT", Kind.P, 0, TestArea.curve(Kind.P, 96, 36_000));
    Row firstReactive = new Row("MU", Kind.Q, 0, TestArea.curve(Kind.Q, 96, -44_000));
    assertTrue(fold(area, first, second, firstReactive, new Row("MT", Kind.Q, 0, TestArea.curve(Kind.Q, 96, -44_000))).users.isEmpty());
    AreaFigures figures = fold(area, first, second, firstReactive, new Row("MT", Kind.Q, 0, TestArea.curve(Kind.Q, 96, -44_010)));
    assertEquals(1, figures.users.size());
    assertEquals(6.6, figures.sumOfMaximaKw, 1e-9);
  }

  @Test
  void joinsGatewayRowsOfBothLayoutsThatTwoTasksSaw() {
    TestArea area = TestArea.withGateway();
    // a tenth of a watt needs layout 2
    Row small = p(0, 96, 5_000);
    Row large = p(1, 95, 5_000, 1, 20_001);
    assertEquals(PackedCurve.LAYOUT_2_BYTES, large.points.length);
    AreaFold left = new AreaFold();
    AreaFold right = new AreaFold();
    left.accept(area.archive());
    right.accept(area.archive());
    left.accept("G", Kind.P, 0, small.points);
    right.accept("G", Kind.P, 1, large.points);
    // seen by both: the first stays
    right.accept("G", Kind.P, 0, p(0, 96, 30_000).points);
    AreaFigures figures = left.merge(right).finish();
    assertEquals(2, figures.gatewayDays);
    assertEquals(2.0001 * 160, figures.maxKw, 1e-9);
    assertEquals(191, figures.maxKwAt);
  }

  @Test
  void countsARowThatComesTwiceWhileItWaits() {
    Row row = new Row("MU", Kind.P, 0, TestArea.curve(Kind.P, 96, 10_000));
    AreaFigures figures = fold(new TestArea().user("U", 10, true), row, row, new Row("MU", Kind.Q, 0, TestArea.curve(Kind.Q, 96, 0)));
    assertEquals(List.of(2L, 1L), List.of(figures.curveRows, figures.repeatedRows));
  }

  @Test
  void countsRowsThatComeTwiceThatAreNoCurveOrThatNobodyKnows() {
    Row row = p(0, 96, 5_000);
    AreaFigures figures = fold(TestArea.withGateway(), row, row, new Row("G", Kind.Q, 0, new byte[191]), new Row("X", Kind.P, 0, row.points), p(7, 96, 5_000));
    assertEquals(1, figures.curveRows);
    assertEquals(1, figures.repeatedRows);
    assertEquals(1, figures.badRows);
    assertEquals(2, figures.ignoredRows);
  }

  @Test
  void saysNothingAboutAnAreaThatIsNotOnTheList() {
    AreaFold fold = new AreaFold();
    fold.accept("G", Kind.P, 0, p(0, 96, 5_000).points);
    assertNull(fold.finish());
  }

  @Test
  void keepsFewRowsUntilTheArchiveComesAndRefusesItAfterMany() {
    for (int rows : new int[] {AreaFold.EARLY_MOST, AreaFold.EARLY_MOST + 1}) {
      AreaFold early = new AreaFold();
      for (int row = 0; row < rows; row++) early.accept("G", Kind.P, row, p(0, 96, 5_000).points);
      AreaArchive archive = TestArea.withGateway().archive();
      if (rows <= AreaFold.EARLY_MOST) {
        early.accept(archive);
        assertEquals(archive.days, early.finish().curveRows);
      } else {
        assertNull(early.finish());
        assertThrows(IllegalStateException.class, () -> early.accept(archive));
        AreaFold later = new AreaFold();
        later.accept(archive);
        assertThrows(IllegalStateException.class, () -> later.merge(early));
      }
    }
  }

  @Test
  void countsVoltagesOutsideTheLimitsAndNotThoseOfADeadPhase() {
    TestArea area = new TestArea().user("V", 8, false);
    AreaFigures passes = fold(area, new Row("MV", Kind.UA, 0, TestArea.curve(Kind.UA, 95, 1_980_000, 1, 2_354_000)));
    assertEquals(List.of(96L, 0L, 0L), List.of(passes.voltagePoints, passes.voltageOver, passes.voltageUnder));
    AreaFigures mixed = fold(area, new Row("MV", Kind.UA, 0, TestArea.curve(Kind.UA, 89, 2_200_000, 1, 2_354_000, 1, 1_979_900, 1, 2_354_100, 1, 1_539_900, 1, 2_640_100, 1, NONE, 1, 2_640_000)));
    assertEquals(List.of(93L, 2L, 1L), List.of(mixed.voltagePoints, mixed.voltageOver, mixed.voltageUnder));
    AreaFigures high = fold(area, new Row("MV", Kind.UA, 0, TestArea.curve(Kind.UA, 95, 2_200_000, 1, 2_354_100)));
    assertEquals(List.of(96L, 1L, 0L), List.of(high.voltagePoints, high.voltageOver, high.voltageUnder));
  }

  @Test
  void takesADayWithoutAnyValueForNoData() {
    AreaFigures figures = fold(new TestArea().user("U", 8, false), new Row("MU", Kind.P, 0, TestArea.curve(Kind.P, 96, NONE)));
    assertEquals(1, figures.curveRows);
    assertEquals(0, figures.usersWithData);
    assertEquals(2, figures.emptyDays);
  }

  @Test
  void addsFeedInAndGapsOfBothLayoutsAlike() {
    // 0.00001 kW needs layout 2
    for (long grain : new long[] {0, 1}) {
      TestArea area = new TestArea().user("U", 8, false).user("V", 8, false);
      AreaFigures figures = fold(
          area, new Row("MU", Kind.P, 0, TestArea.curve(Kind.P, 10, -20_000, 1, NONE, 85, 30_000 + grain)), new Row("MV", Kind.P, 0, TestArea.curve(Kind.P, 10, 50_000, 86, 10_000 + grain)));
      assertEquals(4 + grain / 5_000.0, figures.maxKw, 1e-9);
      // feed-in does not count into what the users take at the same time
      assertEquals(5, figures.coincidentKw, 1e-9);
      assertEquals(8 + grain / 10_000.0, figures.sumOfMaximaKw, 1e-9);
      assertEquals(96, figures.loadPoints);
      assertEquals(1, figures.filledPoints);
    }
  }

  @Test
  void givesNothingButZeroCountsForAnAreaWithoutData() {
    AreaFigures figures = fold(new TestArea());
    assertTrue(Double.isNaN(figures.maxKw) && Double.isNaN(figures.coincidentKw) && Double.isNaN(figures.energyKwh));
    assertEquals(0, figures.heavyRuns + figures.energyDays + figures.voltagePoints);
    assertEquals(2, figures.emptyDays);
  }
}
