package station.curve.spark;

import org.apache.spark.sql.types.DataTypes;
import station.curve.PackedCurve;

/** `valid_points(points)`: how many of the 96 points have a value. */
public final class ValidPointsFunction extends CurveScalar<Integer> {
  ValidPointsFunction() {
    super("valid_points", "points BINARY", DataTypes.IntegerType, DataTypes.BinaryType);
  }

  public static int invoke(byte[] points) {
    return PackedCurve.isWellFormed(points) ? PackedCurve.countValid(points) : 0;
  }
}
