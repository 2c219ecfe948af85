package station.curve;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A day of the users of an area, added up into what a gateway meter would have measured: for data sets that have users but no gateway. */
public final class FeedDay implements Serializable {
  private static final long serialVersionUID = 1;

  private static final double LOSSES = 1.03;
  private static final double TANGENT = 0.25;
  private static final double NO_LOAD_VOLTS = 232;
  private static final double DROP_VOLTS = 9;

  private final double[][] phaseKw = new double[3][PackedCurve.POINTS];

  public record Curve(Kind kind, byte[] points) {}

  /** A user's primary P; `phase` A, B or C, anything else is spread over all three. Missing points count as nothing. */
  public void add(byte[] points, char phase, double ratio) {
    long[] values = PackedCurve.unpack(points, Kind.P);
    int only = phase - 'A';
    for (int k = 0; k < PackedCurve.POINTS; k++) {
      if (values[k] == PackedCurve.MISSING) continue;
      double kw = values[k] / 10_000.0 * ratio;
      if (only >= 0 && only < 3) phaseKw[only][k] += kw;
      else for (int each = 0; each < 3; each++) phaseKw[each][k] += kw / 3;
    }
  }

  public FeedDay merge(FeedDay other) {
    for (int phase = 0; phase < 3; phase++) for (int k = 0; k < PackedCurve.POINTS; k++) phaseKw[phase][k] += other.phaseKw[phase][k];
    return this;
  }

  /** P, Q, currents and voltages as read behind a current transformer of ratio `ct`; some days miss points, a few most of them. */
  public List<Curve> finish(double ct, double ratedKva, double gapRate, long seed) {
    Noise noise = new Noise(seed);
    double lossNoise = 0.01;
    long[][] values = new long[Kind.COUNT][PackedCurve.POINTS];
    for (int k = 0; k < PackedCurve.POINTS; k++) {
      double total = 0;
      for (int phase = 0; phase < 3; phase++) {
        double kw = phaseKw[phase][k] * LOSSES * (1 + lossNoise * noise.nextNormal());
        double kva = kw * Math.sqrt(1 + TANGENT * TANGENT);
        double volts = NO_LOAD_VOLTS - DROP_VOLTS * kva / Math.max(1, ratedKva / 3) + 0.8 * noise.nextNormal();
        total += kw;
        values[Kind.IA.ordinal() + phase][k] = step(Math.abs(kva) * 1_000 / volts / ct, Kind.IA);
        values[Kind.UA.ordinal() + phase][k] = step(volts, Kind.UA);
      }
      values[Kind.P.ordinal()][k] = Math.round(total / ct * 10_000);
      values[Kind.Q.ordinal()][k] = Math.round(total * TANGENT * (1 + 0.05 * noise.nextNormal()) / ct * 10_000);
    }
    double luck = noise.next();
    int gap = luck < gapRate / 8 ? 30 : luck < gapRate ? 1 + (int) (4 * noise.next()) : 0;
    int start = (int) (noise.next() * (PackedCurve.POINTS - gap));
    List<Curve> curves = new ArrayList<>();
    for (int kind = 0; kind < Kind.COUNT; kind++) {
      for (int k = start; k < start + gap; k++) values[kind][k] = PackedCurve.MISSING;
      curves.add(new Curve(Kind.of(kind), PackedCurve.pack(values[kind], Kind.of(kind))));
    }
    return curves;
  }

  private static long step(double value, Kind kind) {
    int step = PackedCurve.stepOf(kind);
    return Math.round(value * 10_000 / step) * step;
  }
}
