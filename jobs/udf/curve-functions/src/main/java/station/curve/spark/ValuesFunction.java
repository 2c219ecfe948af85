package station.curve.spark;

import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import station.curve.PackedCurve;

/** `values(points, kind)`: the 96 secondary values of a packed curve in kW, kvar, A or V, null where there is none. */
public final class ValuesFunction extends CurveScalar<ArrayData> {
  ValuesFunction() {
    super("values", "points BINARY, kind STRING", DataTypes.createArrayType(DataTypes.DoubleType, true), DataTypes.BinaryType, DataTypes.StringType);
  }

  public static ArrayData invoke(byte[] points, UTF8String kind) {
    long[] units = PackedCurve.unpack(points, Kinds.unitOf(kind));
    Object[] values = new Object[PackedCurve.POINTS];
    for (int k = 0; k < PackedCurve.POINTS; k++) values[k] = units[k] == PackedCurve.MISSING ? null : (Object) (units[k] / 10_000.0);
    return new GenericArrayData(values);
  }
}
