package station.curve.spark;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import station.curve.AreaArchive;
import station.curve.Period;

/** Reads the archive of an area from the struct that the SQL builds. */
final class ArchiveReader {
  static final int FIELDS = 10;
  private static final int METER_FIELDS = 11;
  private static final String PERIODS = "ARRAY<STRUCT<from_date DATE, to_date DATE, kva DECIMAL(14,4)>>";
  private static final String METERS = "ARRAY<STRUCT<meter_id STRING, mp_id STRING, wiring STRING, phase STRING, ct DECIMAL(14,4), pt DECIMAL(14,4),"
      + " from_time TIMESTAMP_NTZ, to_time TIMESTAMP_NTZ, start_ef BIGINT, stop_ef BIGINT, listed INT>>";
  static final String FORM = "STRUCT<area_id STRING, window_from DATE, window_to DATE, connection STRING, rated_kva DECIMAL(14,4), rated " + PERIODS + ", gateways " + METERS
      + ", users ARRAY<STRUCT<user_id STRING, membership ARRAY<STRUCT<from_date DATE, to_date DATE, area_id STRING>>, contract " + PERIODS + ", meters " + METERS + ">>"
      + ", reactive ARRAY<STRING>, registers ARRAY<STRUCT<meter_id STRING, date DATE, ef BIGINT>>>";
  private static final StructType TYPE = (StructType) StructType.fromDDL("a " + FORM).apply(0).dataType();
  private static final long MICROS_PER_MINUTE = 60_000_000L;

  private ArchiveReader() {}

  /** Same names and types at every depth, whatever may be null. */
  static boolean fits(StructType given) {
    return TYPE.asNullable().sql().equalsIgnoreCase(given.asNullable().sql());
  }

  static AreaArchive read(InternalRow row) {
    UTF8String areaId = row.getUTF8String(0);
    Set<String> reactive = new HashSet<>();
    if (!row.isNullAt(8)) for (int i = 0; i < row.getArray(8).numElements(); i++) reactive.add(row.getArray(8).getUTF8String(i).toString());
    List<AreaArchive.MeterEntry> meters = new ArrayList<>();
    for (InternalRow meter : rows(row, 6, METER_FIELDS)) meters.add(meter(meter, null, reactive));
    List<AreaArchive.UserEntry> users = new ArrayList<>();
    for (InternalRow user : rows(row, 7, 4)) {
      String userId = text(user, 0);
      List<InternalRow> membership = rows(user, 1, 3);
      Period[] stays = new Period[membership.size()];
      for (int i = 0; i < stays.length; i++) {
        InternalRow stay = membership.get(i);
        stays[i] = period(stay, !stay.isNullAt(2) && stay.getUTF8String(2).equals(areaId) ? 1 : 0);
      }
      users.add(new AreaArchive.UserEntry(userId, stays, capacities(user, 2)));
      for (InternalRow meter : rows(user, 3, METER_FIELDS)) meters.add(meter(meter, userId, reactive));
    }
    List<AreaArchive.RegisterEntry> registers = new ArrayList<>();
    for (InternalRow register : rows(row, 9, 3)) {
      if (!register.isNullAt(2)) registers.add(new AreaArchive.RegisterEntry(text(register, 0), register.getInt(1), register.getLong(2)));
    }
    Period[] rated = capacities(row, 5);
    // an area without a history has the capacity of its own row for ever
    if (rated.length == 0 && !row.isNullAt(4)) rated = new Period[] {new Period(Integer.MIN_VALUE, Integer.MAX_VALUE, row.getDecimal(4, 14, 4).toUnscaledLong())};
    return new AreaArchive(row.getInt(1), row.getInt(2), text(row, 3), rated, meters, users, registers);
  }

  private static AreaArchive.MeterEntry meter(InternalRow meter, String userId, Set<String> reactive) {
    String meterId = text(meter, 0);
    return new AreaArchive.MeterEntry(
        meterId, text(meter, 1), userId == null, userId, "1P".equals(text(meter, 2)), text(meter, 3), decimal(meter, 4), decimal(meter, 5),
        minute(meter, 6, Long.MIN_VALUE), minute(meter, 7, Long.MAX_VALUE), whole(meter, 8), whole(meter, 9), reactive.contains(meterId), meter.isNullAt(10) ? 0 : meter.getInt(10));
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
