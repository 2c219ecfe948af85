package station.curve.spark;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** `member_area(history, date)`: the area of a user on a date by its memberships, of several entries the one that began last; null when none. */
public final class MemberAreaFunction extends CurveScalar<UTF8String> {
  private static final StructType ENTRY = new StructType().add("from_date", DataTypes.DateType).add("to_date", DataTypes.DateType).add("area_id", DataTypes.StringType);

  MemberAreaFunction() {
    super("member_area", "history ARRAY<STRUCT<from_date DATE, to_date DATE, area_id STRING>>, date DATE", DataTypes.StringType, DataTypes.createArrayType(ENTRY), DataTypes.DateType);
  }

  public static UTF8String invoke(ArrayData history, int date) {
    UTF8String found = null;
    long foundFrom = Long.MIN_VALUE;
    for (int i = 0; i < history.numElements(); i++) {
      InternalRow entry = history.getStruct(i, 3);
      long from = entry.isNullAt(0) ? Integer.MIN_VALUE : entry.getInt(0);
      long to = entry.isNullAt(1) ? Integer.MAX_VALUE : entry.getInt(1);
      if (from > date || date >= to || from < foundFrom) continue;
      found = entry.isNullAt(2) ? null : entry.getUTF8String(2);
      foundFrom = from;
    }
    return found;
  }
}
