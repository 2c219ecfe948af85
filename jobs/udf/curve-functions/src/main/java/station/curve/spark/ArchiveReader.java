package station.curve.spark;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.StructType;
import station.curve.AreaArchive;
import station.curve.Period;

/** Reads the archive of an area from the struct that the SQL builds. */
final class ArchiveReader {
  static final int FIELDS = 7;
  static final String FORM = "STRUCT<window_from DATE, window_to DATE, connection STRING,"
      + " rated ARRAY<STRUCT<from_date DATE, to_date DATE, kva DECIMAL(14,4)>>,"
      + " meters ARRAY<STRUCT<meter_id STRING, mp_id STRING, role STRING, user_id STRING, wiring STRING, phase STRING, ct DECIMAL(14,4), pt DECIMAL(14,4),"
      + " from_time TIMESTAMP_NTZ, to_time TIMESTAMP_NTZ, start_ef BIGINT, stop_ef BIGINT, has_q BOOLEAN, listed INT>>,"
      + " users ARRAY<STRUCT<user_id STRING, membership ARRAY<STRUCT<from_date DATE, to_date DATE, here BOOLEAN>>, contract ARRAY<STRUCT<from_date DATE, to_date DATE, kva DECIMAL(14,4)>>>>,"
      + " registers ARRAY<STRUCT<meter_id STRING, date DATE, ef BIGINT>>>";
  private static final StructType TYPE = (StructType) StructType.fromDDL("a " + FORM).apply(0).dataType();
  private static final long MICROS_PER_MINUTE = 60_000_000L;

  private ArchiveReader() {}

  /** Same names and types at every depth, whatever may be null. */
  static boolean fits(StructType given) {
    return TYPE.asNullable().sql().equalsIgnoreCase(given.asNullable().sql());
  }

  static AreaArchive read(InternalRow row) {
    List<AreaArchive.MeterEntry> meters = new ArrayList<>();
    for (InternalRow meter : rows(row, 4, 14)) {
      meters.add(new AreaArchive.MeterEntry(
          text(meter, 0), text(meter, 1), "GATEWAY".equals(text(meter, 2)), text(meter, 3), "1P".equals(text(meter, 4)), text(meter, 5),
          decimal(meter, 6), decimal(meter, 7), minute(meter, 8, Long.MIN_VALUE), minute(meter, 9, Long.MAX_VALUE),
          whole(meter, 10), whole(meter, 11), !meter.isNullAt(12) && meter.getBoolean(12), meter.isNullAt(13) ? 0 : meter.getInt(13)));
    }
    List<AreaArchive.UserEntry> users = new ArrayList<>();
    for (InternalRow user : rows(row, 5, 3)) {
      List<InternalRow> membership = rows(user, 1, 3);
      Period[] stays = new Period[membership.size()];
      for (int i = 0; i < stays.length; i++) stays[i] = period(membership.get(i), membership.get(i).getBoolean(2) ? 1 : 0);
      users.add(new AreaArchive.UserEntry(text(user, 0), stays, capacities(user, 2)));
    }
    List<AreaArchive.RegisterEntry> registers = new ArrayList<>();
    for (InternalRow register : rows(row, 6, 3)) {
      if (!register.isNullAt(2)) registers.add(new AreaArchive.RegisterEntry(text(register, 0), register.getInt(1), register.getLong(2)));
    }
    return new AreaArchive(row.getInt(0), row.getInt(1), text(row, 2), capacities(row, 3), meters, users, registers);
  }

  private static Period[] capacities(InternalRow row, int field) {
    List<InternalRow> entries = rows(row, field, 3);
    Period[] periods = new Period[entries.size()];
    for (int i = 0; i < periods.length; i++) periods[i] = period(entries.get(i), entries.get(i).getDecimal(2, 14, 4).toUnscaledLong());
    return periods;
  }

  private static Period period(InternalRow entry, long value) {
    return new Period(entry.isNullAt(0) ? Integer.MIN_VALUE : entry.getInt(0), entry.isNullAt(1) ? Integer.MAX_VALUE : entry.getInt(1), value);
  }

  private static List<InternalRow> rows(InternalRow row, int field, int width) {
    if (row.isNullAt(field)) return List.of();
    ArrayData array = row.getArray(field);
    List<InternalRow> rows = new ArrayList<>(array.numElements());
    for (int i = 0; i < array.numElements(); i++) rows.add(array.getStruct(i, width));
    return rows;
  }

  private static String text(InternalRow row, int field) {
    return row.isNullAt(field) ? null : row.getUTF8String(field).toString();
  }

  private static BigDecimal decimal(InternalRow row, int field) {
    return row.isNullAt(field) ? BigDecimal.ONE : row.getDecimal(field, 14, 4).toJavaBigDecimal();
  }

  private static long whole(InternalRow row, int field) {
    return row.isNullAt(field) ? Period.NONE : row.getLong(field);
  }

  private static long minute(InternalRow row, int field, long open) {
    return row.isNullAt(field) ? open : Math.floorDiv(row.getLong(field), MICROS_PER_MINUTE);
  }
}
