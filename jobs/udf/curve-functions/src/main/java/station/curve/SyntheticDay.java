package station.curve;

/**
 * A day of a made-up meter: the shape follows from the meter's seed, the day from seed and date, so that every row can be made alone.
 * Not meant to be a model of anybody's load, only data of the right size, spread and gaps.
 */
public final class SyntheticDay {
  private static final int SHAPES = 256;
  private static final float[][] SHAPE = new float[SHAPES][PackedCurve.POINTS];

  static {
    for (int i = 0; i < SHAPES; i++) {
      Noise noise = new Noise(i);
      double base = 0.03 + 0.12 * noise.next();
      double morning = 0.1 + 0.5 * noise.next();
      double evening = 0.4 + 0.6 * noise.next();
      double shift = 12 * noise.next() - 6;
      double highest = 0;
      for (int k = 0; k < PackedCurve.POINTS; k++) {
        double value = base + morning * bell(k - 30 - shift, 5) + evening * bell(k - 78 - shift, 7);
        SHAPE[i][k] = (float) value;
        highest = Math.max(highest, value);
      }
      for (int k = 0; k < PackedCurve.POINTS; k++) SHAPE[i][k] /= (float) highest;
    }
  }

  private SyntheticDay() {}

  private static double bell(double distance, double width) {
    return Math.exp(-(distance / width) * (distance / width));
  }

  /**
   * The curve of one kind. `peakKw` is the meter's ordinary peak (secondary), `spread` the noise of a point (0.4 for a household, 0.1 for an area),
   * `gapRate` the share of days that miss a few points. Currents and voltages belong to the same power; `shares` of the phases follow from the seed.
   */
  public static byte[] make(Kind kind, long seed, int day, double peakKw, double spread, double gapRate, long[] scratch) {
    float[] shape = SHAPE[(int) (Noise.mix(seed) & (SHAPES - 1))];
    double season = 1 + 0.3 * Math.cos(2 * Math.PI * (day % 365 - 15) / 365.0);
    Noise daily = new Noise(seed * 31 + day);
    double level = peakKw * season * (0.75 + 0.5 * daily.next()) / 1.3;
    // the same noise for all kinds of a day, so that P, Q and I fit together
    Noise points = new Noise(seed * 31 + day + 0x5EED);
    double share = kind.isPower() ? 1 : 0.27 + 0.13 * new Noise(seed + kind.phase()).next();
    double tangent = 0.15 + 0.25 * daily.next();
    double voltageLevel = 226 + 6 * new Noise(seed + 77 + kind.ordinal() % 3).next();
    double dropPerKw = peakKw > 0 ? 12 / peakKw : 0;
    for (int k = 0; k < PackedCurve.POINTS; k++) {
      long bits = points.nextLong();
      double power = level * shape[k] * (1 + spread * (((bits & 0xFFFF) / 32_768.0) - 1));
      if ((bits >>> 54) == 0) power += peakKw * 0.5; // now and then a kettle
      double other = ((bits >>> 16) & 0xFFFF) / 32_768.0 - 1;
      double value = switch (kind) {
        case P -> power;
        case Q -> power * tangent * (1 + 0.1 * other);
        case IA, IB, IC -> power * share * (1 + 0.1 * other) / 0.22;
        case UA, UB, UC -> voltageLevel - dropPerKw * power + 1.5 * other;
      };
      int step = PackedCurve.stepOf(kind);
      scratch[k] = Math.round(value * 10_000 / step) * step;
    }
    Noise gaps = new Noise(seed * 131 + day * 16L + kind.ordinal());
    if (gaps.next() < gapRate) {
      int start = (int) (gaps.next() * 88);
      int length = 1 + (int) (gaps.next() * 8);
      for (int k = start; k < start + length; k++) scratch[k] = PackedCurve.MISSING;
    }
    return PackedCurve.pack(scratch, kind);
  }
}
