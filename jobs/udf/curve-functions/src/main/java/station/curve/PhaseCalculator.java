package station.curve;

import java.math.BigInteger;

/** The figures of the phase currents: imbalance (I08) and the largest load of each phase (I15). */
final class PhaseCalculator {
  private static final int RUN_POINTS = 8;
  private static final long VOLTAGE_FROM = 1_540_000;
  private static final long VOLTAGE_TO = 2_640_000;
  private static final long NOMINAL_VOLTAGE = 2_200_000;
  private static final Kind[] CURRENTS = {Kind.IA, Kind.IB, Kind.IC};
  private static final Kind[] VOLTAGES = {Kind.UA, Kind.UB, Kind.UC};

  private final AreaArchive archive;
  private final AreaFigures figures;

  PhaseCalculator(AreaArchive archive, AreaFigures figures) {
    this.archive = archive;
    this.figures = figures;
  }

  void calculate(GatewayRows gateway, Series active) {
    Series[] currents = new Series[3];
    Series[] voltages = new Series[3];
    long[] values = new long[PackedCurve.POINTS];
    long[] scratch = new long[PackedCurve.POINTS];
    for (int phase = 0; phase < 3; phase++) {
      currents[phase] = new Series(archive.days);
      voltages[phase] = new Series(archive.days);
      for (int day = 0; day < archive.days; day++) {
        gateway.sum(archive, CURRENTS[phase], day, values, scratch);
        currents[phase].setDay(day, values);
        currents[phase].fillGaps(day);
        if (archive.gateway.length == 0) continue;
        gateway.pointValues(archive.gateway[0], VOLTAGES[phase], day, values);
        voltages[phase].setDay(day, values);
      }
    }
    imbalance(currents);
    for (int phase = 0; phase < 3; phase++) figures.maxPhaseKva[phase] = largestLoad(currents[phase], voltages[phase], active);
  }

  private void imbalance(Series[] currents) {
    Series a = currents[0];
    Series b = currents[1];
    Series c = currents[2];
    RunCounter runs = new RunCounter(RUN_POINTS, archive.days);
    int points = a.numerator.length;
    double smallestShare = Double.POSITIVE_INFINITY;
    for (int t = 0; t < points; t++) {
      boolean unbalanced = false;
      long rated = archive.rated[t / PackedCurve.POINTS];
      if (a.has(t) && b.has(t) && c.has(t) && rated != Period.NONE && rated > 0) {
        // divisors are 1, 2 or 3 (filled points): in sixths all three are whole
        long currentA = a.numerator[t] * (6 / a.divisor[t]);
        long currentB = b.numerator[t] * (6 / b.divisor[t]);
        long currentC = c.numerator[t] * (6 / c.divisor[t]);
        long highest = Math.max(currentA, Math.max(currentB, currentC));
        long lowest = Math.min(currentA, Math.min(currentB, currentC));
        if (highest > 0 && isLoaded(highest, 6 * rated)) {
          unbalanced = Exact.compareProducts(highest - lowest, 100, highest, archive.imbalanceLimit) > 0;
          boolean measured = !a.filled[t] && !b.filled[t] && !c.filled[t];
          double share = (double) lowest / highest;
          if (measured && share < smallestShare) {
            smallestShare = share;
            figures.maxImbalanceAt = t;
          }
        }
      }
      runs.next(t, unbalanced);
    }
    runs.end(points);
    if (figures.maxImbalanceAt >= 0) figures.maxImbalancePct = 100 * (1 - smallestShare);
    figures.imbalanceDays = runs.days();
    figures.imbalancePoints = runs.points;
    figures.imbalanceLongest = runs.longest;
    figures.imbalanceRuns = runs.runs;
  }

  /** I >= 20 % of S_N / (sqrt(3) x 0.4 kV), that is 12 I^2 >= S_N^2. */
  private static boolean isLoaded(long current, long rated) {
    double square = 12.0 * current * current;
    double limit = (double) rated * rated;
    if (!Exact.isNear(square, limit)) return square > limit;
    return BigInteger.valueOf(current).pow(2).multiply(BigInteger.valueOf(12)).compareTo(BigInteger.valueOf(rated).pow(2)) >= 0;
  }

  /** kVA; points with P <= 0 left out, filled ones too; a voltage that is missing or outside 154-264 V counts as 220 V. */
  private double largestLoad(Series current, Series voltage, Series active) {
    double largest = AreaFigures.NOTHING;
    double unit = 1e-8 / archive.ratioScale / archive.ratioScale / 1_000;
    for (int t = 0; t < current.numerator.length; t++) {
      if (!current.has(t) || current.filled[t]) continue;
      if (active.has(t) && (active.filled[t] || active.numerator[t] <= 0)) continue;
      long volts = voltage.has(t) ? voltage.numerator[t] : 0;
      if (volts < VOLTAGE_FROM * archive.ratioScale || volts > VOLTAGE_TO * archive.ratioScale) volts = NOMINAL_VOLTAGE * archive.ratioScale;
      double load = (double) volts * current.numerator[t] * unit;
      if (!(load <= largest)) largest = load;
    }
    return largest;
  }
}
