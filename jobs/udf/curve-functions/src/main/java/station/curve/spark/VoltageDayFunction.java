package station.curve.spark;

import org.apache.spark.sql.types.DataTypes;
import station.curve.PackedCurve;
import station.curve.ProfileDay;

/** `voltage_day(active, no_load_volts, drop_per_kw, noise, seed)`: the voltage at a meter whose P is known. */
public final class VoltageDayFunction extends CurveScalar<byte[]> {
  private static final ThreadLocal<long[]> SCRATCH = ThreadLocal.withInitial(() -> new long[PackedCurve.POINTS]);

  VoltageDayFunction() {
    super("voltage_day", "active BINARY, no_load_volts DOUBLE, drop_per_kw DOUBLE, noise DOUBLE, seed BIGINT", DataTypes.BinaryType,
        DataTypes.BinaryType, DataTypes.DoubleType, DataTypes.DoubleType, DataTypes.DoubleType, DataTypes.LongType);
  }

  public static byte[] invoke(byte[] active, double noLoadVolts, double dropPerKw, double noise, long seed) {
    return ProfileDay.voltage(active, noLoadVolts, dropPerKw, noise, seed, SCRATCH.get());
  }
}
