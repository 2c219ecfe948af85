package station.curve.spark;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import station.curve.Kind;
import station.curve.PackedCurve;
import station.curve.SyntheticDay;

/** `synthetic_day(kind, seed, date, peak_kw, spread, gap_rate)`: a made-up day of a meter as packed points. */
public final class SyntheticDayFunction extends CurveScalar<byte[]> {
  private static final ThreadLocal<long[]> SCRATCH = ThreadLocal.withInitial(() -> new long[PackedCurve.POINTS]);

  SyntheticDayFunction() {
    super("synthetic_day", "kind STRING, seed BIGINT, date DATE, peak_kw DOUBLE, spread DOUBLE, gap_rate DOUBLE", DataTypes.BinaryType,
        DataTypes.StringType, DataTypes.LongType, DataTypes.DateType, DataTypes.DoubleType, DataTypes.DoubleType, DataTypes.DoubleType);
  }

  public static byte[] invoke(UTF8String kind, long seed, int date, double peakKw, double spread, double gapRate) {
    Kind known = Kinds.parse(kind);
    if (known == null) throw new IllegalArgumentException("'" + kind + "' is no kind of a synthetic curve");
    return SyntheticDay.make(known, seed, date, peakKw, spread, gapRate, SCRATCH.get());
  }
}
