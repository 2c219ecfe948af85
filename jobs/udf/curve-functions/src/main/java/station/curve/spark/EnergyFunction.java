package station.curve.spark;

import org.apache.spark.sql.types.DataTypes;
import station.curve.Kind;
import station.curve.PackedCurve;

/** `energy(points)`: secondary kWh of a day's P curve, missing points left out, feeding in not counted. */
public final class EnergyFunction extends CurveScalar<Double> {
  EnergyFunction() {
    super("energy", "points BINARY", DataTypes.DoubleType, DataTypes.BinaryType);
  }

  public static double invoke(byte[] points) {
    long total = 0;
    for (long value : PackedCurve.unpack(points, Kind.P)) if (value != PackedCurve.MISSING && value > 0) total += value;
    return total / 40_000.0;
  }
}
