package station.curve.spark;

import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import station.curve.PackedCurve;
import station.curve.ProfileDay;

/** `profile_day(kind, winter, summer, winter_share, factor, noise, gap_rate, seed)`: a day from measured shapes as packed points. */
public final class ProfileDayFunction extends CurveScalar<byte[]> {
  private static final ThreadLocal<long[]> SCRATCH = ThreadLocal.withInitial(() -> new long[PackedCurve.POINTS]);

  ProfileDayFunction() {
    super("profile_day", "kind STRING, winter ARRAY<DOUBLE> of 96, summer ARRAY<DOUBLE> of 96, winter_share DOUBLE, factor DOUBLE, noise DOUBLE, gap_rate DOUBLE, seed BIGINT", DataTypes.BinaryType,
        DataTypes.StringType, DataTypes.createArrayType(DataTypes.DoubleType), DataTypes.createArrayType(DataTypes.DoubleType),
        DataTypes.DoubleType, DataTypes.DoubleType, DataTypes.DoubleType, DataTypes.DoubleType, DataTypes.LongType);
  }

  public static byte[] invoke(UTF8String kind, ArrayData winter, ArrayData summer, double winterShare, double factor, double noise, double gapRate, long seed) {
    return ProfileDay.make(Kinds.unitOf(kind), shape(winter), shape(summer), winterShare, factor, noise, gapRate, seed, SCRATCH.get());
  }

  private static double[] shape(ArrayData values) {
    if (values.numElements() != PackedCurve.POINTS) throw new IllegalArgumentException("a profile has 96 values, this one " + values.numElements());
    return values.toDoubleArray();
  }
}
