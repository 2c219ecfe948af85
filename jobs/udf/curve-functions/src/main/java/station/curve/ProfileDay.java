package station.curve;

/** A day made from measured shapes: between a winter and a summer day, a little earlier or later, a little more or less, with noise and gaps. */
public final class ProfileDay {
  private ProfileDay() {}

  /**
   * `winterShare` 1 = the winter shape, 0 = the summer shape. `noise` is the deviation of a point from the shape (0.1 = ten percent);
   * the day as a whole varies by as much, and its habits move by up to two points either way.
   */
  public static byte[] make(Kind kind, double[] winter, double[] summer, double winterShare, double factor, double noise, double gapRate, long seed, long[] scratch) {
    Noise random = new Noise(seed);
    double level = factor * Math.max(0.2, 1 + noise * random.nextNormal());
    int shift = noise == 0 ? 0 : (int) (random.next() * 5) - 2;
    int step = PackedCurve.stepOf(kind);
    for (int k = 0; k < PackedCurve.POINTS; k++) {
      int from = Math.floorMod(k + shift, PackedCurve.POINTS);
      double shape = winterShare * winter[from] + (1 - winterShare) * summer[from];
      double value = shape * level * (1 + noise * random.nextNormal());
      scratch[k] = Double.isNaN(value) ? PackedCurve.MISSING : Math.round(value * 10_000 / step) * step;
    }
    if (gapRate > 0 && random.next() < gapRate) {
      int start = (int) (random.next() * 88);
      int length = 1 + (int) (random.next() * 8);
      for (int k = start; k < start + length; k++) scratch[k] = PackedCurve.MISSING;
    }
    return PackedCurve.pack(scratch, kind);
  }

  /** Voltage at a meter: a level of its own, a drop by its own load and by the hour's load of the whole feeder. */
  public static byte[] voltage(byte[] active, double noLoadVolts, double dropPerKw, double noise, long seed, long[] scratch) {
    long[] power = PackedCurve.unpack(active, Kind.P);
    Noise random = new Noise(seed);
    int step = PackedCurve.stepOf(Kind.UA);
    for (int k = 0; k < PackedCurve.POINTS; k++) {
      double evening = 4 * Math.exp(-Math.pow((k - 76) / 10.0, 2));
      double volts = noLoadVolts - evening - (power[k] == PackedCurve.MISSING ? 0 : dropPerKw * power[k] / 10_000.0) + noise * random.nextNormal();
      scratch[k] = power[k] == PackedCurve.MISSING ? PackedCurve.MISSING : Math.round(volts * 10_000 / step) * step;
    }
    return PackedCurve.pack(scratch, Kind.UA);
  }
}
