package station.curve.spark;

import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import station.curve.Kind;
import station.curve.Noise;
import station.curve.PackedCurve;

/**
 * `profile_day(kind, shape, factor, noise, seed)`: a day made from a measured shape of 96 values: each value times `factor` times (1 + noise x normal),
 * in steps of the compact layout (1 W, 10 mA, 10 mV).
 */
public final class ProfileDayFunction extends CurveScalar<byte[]> {
  private static final ThreadLocal<long[]> SCRATCH = ThreadLocal.withInitial(() -> new long[PackedCurve.POINTS]);

  ProfileDayFunction() {
    super("profile_day", "kind STRING, shape ARRAY<DOUBLE> of 96, factor DOUBLE, noise DOUBLE, seed BIGINT", DataTypes.BinaryType,
        DataTypes.StringType, DataTypes.createArrayType(DataTypes.DoubleType), DataTypes.DoubleType, DataTypes.DoubleType, DataTypes.LongType);
  }

  public static byte[] invoke(UTF8String kind, ArrayData shape, double factor, double noise, long seed) {
    if (shape.numElements() != PackedCurve.POINTS) throw new IllegalArgumentException("a profile has 96 values, this one " + shape.numElements());
    Kind unit = Kinds.unitOf(kind);
    int step = PackedCurve.stepOf(unit);
    Noise random = new Noise(seed);
    long[] values = SCRATCH.get();
    for (int k = 0; k < PackedCurve.POINTS; k++) {
      double value = shape.isNullAt(k) ? Double.NaN : shape.getDouble(k) * factor * (1 + noise * random.nextNormal());
      values[k] = Double.isNaN(value) ? PackedCurve.MISSING : Math.round(value * 10_000 / step) * step;
    }
    return PackedCurve.pack(values, unit);
  }
}
