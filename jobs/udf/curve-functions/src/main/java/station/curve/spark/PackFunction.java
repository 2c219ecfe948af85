package station.curve.spark;

import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import station.curve.Kind;
import station.curve.PackedCurve;

/** `pack(values, kind)`: 96 values in kW, kvar, A or V as `curve_day.points`; more than four decimals are rounded. */
public final class PackFunction extends CurveScalar<byte[]> {
  PackFunction() {
    super("pack", "values ARRAY<DOUBLE> of 96, kind STRING", DataTypes.BinaryType, DataTypes.createArrayType(DataTypes.DoubleType), DataTypes.StringType);
  }

  public static byte[] invoke(ArrayData values, UTF8String kind) {
    if (values.numElements() != PackedCurve.POINTS) throw new IllegalArgumentException("a curve has 96 points, this one " + values.numElements());
    Kind unit = Kinds.unitOf(kind);
    long[] tenThousandths = new long[PackedCurve.POINTS];
    for (int k = 0; k < PackedCurve.POINTS; k++) {
      double value = values.isNullAt(k) ? Double.NaN : values.getDouble(k);
      tenThousandths[k] = Double.isNaN(value) ? PackedCurve.MISSING : Math.round(value * 10_000);
    }
    return PackedCurve.pack(tenThousandths, unit);
  }
}
