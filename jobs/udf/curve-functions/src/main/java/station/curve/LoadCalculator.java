package station.curve;

import java.math.BigInteger;

/** The figures of the load curve: I01-I07, I12, I14 and the sign that I15 needs. */
final class LoadCalculator {
  private static final int RUN_POINTS = 8;
  private static final int GATEWAY_DAY_POINTS = 72;
  static final int VALID_DAY_POINTS = 87;
  private static final int HEAVY_PCT = 80;
  private static final int OVERLOAD_PCT = 100;
  private static final double DEFAULT_POWER_FACTOR = 0.95;
  private static final double TIE = 1e-12;

  private final AreaArchive archive;
  private final AreaFigures figures;
  final Series active;
  final Series reactive;
  /** One kW in the units of the series. */
  private final double unit;

  LoadCalculator(AreaArchive archive, AreaFigures figures) {
    this.archive = archive;
    this.figures = figures;
    this.active = new Series(archive.days);
    this.reactive = new Series(archive.days);
    this.unit = 10_000.0 * archive.ratioScale;
  }

  /** Gateway first, the sum of the users where the gateway has fewer than 72 points; then gaps are filled. */
  void build(GatewayRows gateway, DaySums[] sums) {
    long[] values = new long[PackedCurve.POINTS];
    long[] scratch = new long[PackedCurve.POINTS];
    for (int day = 0; day < archive.days; day++) {
      gateway.sum(archive, Kind.P, day, values, scratch);
      dropImplausible(values, day);
      active.setDay(day, values);
      if (active.countValid(day) >= GATEWAY_DAY_POINTS) {
        figures.gatewayDays++;
        gateway.sum(archive, Kind.Q, day, values, scratch);
        dropImplausible(values, day);
        reactive.setDay(day, values);
      } else {
        active.clearDay(day);
        if (sums[day] != null) sumOfUsers(day, sums[day]);
        if (active.countValid(day) > 0) figures.sumDays++;
        else figures.emptyDays++;
      }
      active.fillGaps(day);
      reactive.fillGaps(day);
    }
  }

  /** Above twice the rated capacity a gateway sum is an error of measurement (docs/domain.md, indicators, step 1). */
  private void dropImplausible(long[] values, int day) {
    if (archive.rated[day] == Period.NONE) return;
    long limit = 2 * archive.rated[day];
    for (int k = 0; k < PackedCurve.POINTS; k++) if (values[k] != PackedCurve.MISSING && Math.abs(values[k]) > limit) values[k] = PackedCurve.MISSING;
  }

  private void sumOfUsers(int day, DaySums sums) {
    long members = archive.memberCount[day];
    int base = day * PackedCurve.POINTS;
    for (int k = 0; k < PackedCurve.POINTS; k++) {
      long valid = sums.valid(k);
      if (valid == 0 || valid * 10 < members * 9) continue;
      long common = Series.gcd(members, valid);
      active.numerator[base + k] = sums.net(k) * (members / common);
      active.divisor[base + k] = valid / common;
    }
  }

  void calculate() {
    RunCounter heavy = new RunCounter(RUN_POINTS, archive.days);
    RunCounter overload = new RunCounter(RUN_POINTS, archive.days);
    double bestP = 0;
    double bestRate = -1;
    int bestRateAt = AreaFigures.NO_POINT;
    double bestConsuming = -1;
    double positive = 0;
    double rates = 0;
    int ratePoints = 0;
    int points = active.numerator.length;
    for (int t = 0; t < points; t++) {
      boolean known = active.has(t);
      long rated = archive.rated[t / PackedCurve.POINTS];
      int level = 0;
      if (known) {
        figures.loadPoints++;
        if (active.filled[t]) figures.filledPoints++;
        double p = active.value(t);
        boolean reactiveKnown = reactive.has(t);
        double q = reactiveKnown ? reactive.value(t) : 0;
        double s = reactiveKnown ? Math.sqrt(p * p + q * q) : Math.abs(p) / DEFAULT_POWER_FACTOR;
        boolean measured = !active.filled[t] && !(reactiveKnown && reactive.filled[t]);
        if (p > 0) {
          positive += p;
          if (!active.filled[t] && p > bestP) {
            bestP = p;
            figures.maxKwAt = t;
          }
          if (measured) bestConsuming = Math.max(bestConsuming, s);
          if (reactiveKnown) {
            figures.factorKw += p;
            figures.factorKvar += Math.abs(q);
            figures.factorPoints++;
          }
        }
        if (rated != Period.NONE && rated > 0) {
          double rate = s / rated;
          rates += rate;
          ratePoints++;
          level = reaches(t, s, rated, HEAVY_PCT) ? (reaches(t, s, rated, OVERLOAD_PCT) ? 2 : 1) : 0;
          if (measured && rate >= bestRate * (1 - TIE) && (bestRateAt < 0 || isHigher(t, rate, bestRateAt, bestRate))) {
            bestRate = rate;
            bestRateAt = t;
          }
        }
      }
      heavy.next(t, level >= 1);
      overload.next(t, level == 2);
    }
    heavy.end(points);
    overload.end(points);
    if (figures.maxKwAt >= 0) figures.maxKw = bestP / unit;
    if (bestRateAt >= 0) figures.maxLoadRatePct = 100 * bestRate;
    figures.maxLoadRateAt = bestRateAt;
    if (ratePoints > 0) figures.meanLoadRatePct = 100 * rates / ratePoints;
    if (figures.loadPoints > 0) figures.meanPositiveKw = positive / figures.loadPoints / unit;
    if (bestConsuming >= 0) figures.maxConsumingKva = bestConsuming / unit;
    figures.factorKw /= unit;
    figures.factorKvar /= unit;
    long last = archive.rated[archive.days - 1];
    if (last != Period.NONE) figures.ratedKva = last / unit;
    figures.heavyDays = heavy.daysWithout(overload);
    figures.heavyPoints = heavy.points;
    figures.heavyLongest = heavy.longest;
    figures.heavyRuns = heavy.runs;
    figures.overloadDays = overload.days();
    figures.overloadPoints = overload.points;
    figures.overloadLongest = overload.longest;
    figures.overloadRuns = overload.runs;
  }

  /** S >= percent of the rated capacity; in integers when it is close. */
  private boolean reaches(int t, double s, long rated, int percent) {
    double limit = rated / 100.0 * percent;
    if (!Exact.isNear(s, limit)) return s > limit;
    BigInteger[] square = apparentSquare(t);
    BigInteger bound = BigInteger.valueOf(rated).multiply(BigInteger.valueOf(percent)).pow(2);
    return square[0].multiply(BigInteger.valueOf(10_000)).compareTo(bound.multiply(square[1])) >= 0;
  }

  private BigInteger[] apparentSquare(int t) {
    return Exact.apparentSquare(active.numerator[t], active.divisor[t], reactive.numerator[t], reactive.divisor[t]);
  }

  /** The load rate at t is really higher than that at an earlier point: equal ones must not win by a rounding of the last bit. */
  private boolean isHigher(int t, double rate, int earlier, double earlierRate) {
    if (rate > earlierRate * (1 + TIE)) return true;
    long rated = archive.rated[t / PackedCurve.POINTS];
    long earlierRated = archive.rated[earlier / PackedCurve.POINTS];
    boolean same = rated == earlierRated && active.numerator[t] == active.numerator[earlier] && active.divisor[t] == active.divisor[earlier]
        && reactive.numerator[t] == reactive.numerator[earlier] && reactive.divisor[t] == reactive.divisor[earlier];
    if (same) return false;
    BigInteger[] square = apparentSquare(t);
    BigInteger[] earlierSquare = apparentSquare(earlier);
    BigInteger left = square[0].multiply(earlierSquare[1]).multiply(BigInteger.valueOf(earlierRated).pow(2));
    BigInteger right = earlierSquare[0].multiply(square[1]).multiply(BigInteger.valueOf(rated).pow(2));
    return left.compareTo(right) > 0;
  }

  /** I04 and the energy of I05, day by day. */
  void calculateDays() {
    double valleys = 0;
    double energy = 0;
    RegisterEnergy registers = new RegisterEnergy(archive);
    for (int day = 0; day < archive.days; day++) {
      double highest = Double.NEGATIVE_INFINITY;
      double lowest = Double.POSITIVE_INFINITY;
      double positive = 0;
      int valid = 0;
      for (int t = day * PackedCurve.POINTS, end = t + PackedCurve.POINTS; t < end; t++) {
        if (!active.has(t)) continue;
        double p = active.value(t);
        valid++;
        highest = Math.max(highest, p);
        lowest = Math.min(lowest, p);
        positive += Math.max(p, 0);
      }
      if (valid >= VALID_DAY_POINTS && highest > 0) {
        figures.valleyDays++;
        valleys += (highest - lowest) / highest;
        double difference = (highest - lowest) / unit;
        if (figures.maxValleyDay < 0 || difference > figures.maxValleyKw * (1 + TIE)) {
          figures.maxValleyKw = difference;
          figures.maxValleyDay = day;
        }
      }
      double dayEnergy = registers.energyKwh(day);
      if (Double.isNaN(dayEnergy) && valid >= VALID_DAY_POINTS) dayEnergy = positive / unit * 0.25 * PackedCurve.POINTS / valid;
      if (!Double.isNaN(dayEnergy)) {
        energy += dayEnergy;
        figures.energyDays++;
      }
    }
    if (figures.valleyDays > 0) figures.meanValleyPct = 100 * valleys / figures.valleyDays;
    if (figures.energyDays > 0) figures.energyKwh = energy;
  }
}
