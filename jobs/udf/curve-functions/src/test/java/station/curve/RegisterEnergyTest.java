package station.curve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class RegisterEnergyTest {
  private static double energy(TestArea area, int day) {
    return new RegisterEnergy(area.archive()).energyKwh(day);
  }

  private static TestArea read(TestArea area, String meter, int day, double kwh) {
    area.registers.add(new AreaArchive.RegisterEntry(meter, day, Math.round(kwh * 100)));
    return area;
  }

  private static AreaArchive.MeterEntry meter(String id, int ct, long from, long to, double start, double stop) {
    return new AreaArchive.MeterEntry(id, "MP", true, null, false, "ABC", BigDecimal.valueOf(ct), BigDecimal.ONE, from, to, start < 0 ? Period.NONE : Math.round(start * 100), stop < 0 ? Period.NONE : Math.round(stop * 100), false, 0);
  }

  @Test
  void isTheStepTimesTheRatio() {
    assertEquals(2_640, energy(read(read(TestArea.withGateway(), "G", 0, 1_000), "G", 1, 1_016.5), 0), 1e-9);
  }

  @Test
  void acceptsARolloverAndNoOtherWayBack() {
    assertEquals(2_840, energy(read(read(TestArea.withGateway(), "G", 0, 999_990.5), "G", 1, 8.25), 0), 1e-9);
    assertEquals(Double.NaN, energy(read(read(TestArea.withGateway(), "G", 0, 899_999.99), "G", 1, 8.25), 0));
    assertEquals(Double.NaN, energy(read(read(TestArea.withGateway(), "G", 0, 8.25), "G", 1, 2), 0));
  }

  @Test
  void addsTheTwoMetersOfAReplacement() {
    TestArea area = new TestArea();
    area.meters.add(meter("old", 80, Long.MIN_VALUE, 720, -1, 10.5));
    area.meters.add(meter("new", 120, 720, Long.MAX_VALUE, 0, -1));
    assertEquals(10.5 * 80 + 6.2 * 120, energy(read(read(area, "old", 0, 0), "new", 1, 6.2), 0), 1e-9);
  }

  @Test
  void takesStopAndStartRegistersAlsoForAChangeAtMidnight() {
    TestArea area = new TestArea();
    area.meters.add(meter("old", 10, Long.MIN_VALUE, 1_440, -1, 20));
    area.meters.add(meter("new", 10, 1_440, Long.MAX_VALUE, 3, -1));
    read(read(read(read(area, "old", 0, 15), "old", 1, 99), "new", 1, 77), "new", 2, 5);
    assertEquals(50, energy(area, 0), 1e-9);
    assertEquals(20, energy(area, 1), 1e-9);
  }

  @Test
  void isUnknownWhenOneRegisterOfOnePointIsMissing() {
    TestArea area = TestArea.withGateway();
    area.meters.add(meter("H", 1, Long.MIN_VALUE, Long.MAX_VALUE, -1, -1));
    assertEquals(Double.NaN, energy(read(read(read(area, "G", 0, 1), "G", 1, 2), "H", 0, 1), 0));
  }

  @Test
  void isUnknownForADayThatNoMeterCoversFromMidnightToMidnight() {
    TestArea area = new TestArea();
    area.meters.add(meter("late", 10, 720, Long.MAX_VALUE, 0, -1));
    assertEquals(Double.NaN, energy(read(area, "late", 1, 5), 0));
  }
}
