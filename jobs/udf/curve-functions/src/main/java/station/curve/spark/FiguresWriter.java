package station.curve.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import station.curve.AreaFigures;

/** The figures of an area as a row: columns and values are named in one place, in one order. */
final class FiguresWriter {
  private static final StructType FINDING = new StructType().add("indicator", DataTypes.StringType, false).add("user_id", DataTypes.StringType, false).add("value", DataTypes.DoubleType, false);
  static final StructType TYPE = typeOf(columns(new AreaFigures()));

  private FiguresWriter() {}

  private record Column(String name, DataType type, Object value) {}

  static InternalRow write(AreaFigures figures) {
    if (figures == null) return null;
    List<Column> columns = columns(figures);
    GenericInternalRow row = new GenericInternalRow(columns.size());
    for (int i = 0; i < columns.size(); i++) row.update(i, columns.get(i).value);
    return row;
  }

  private static List<Column> columns(AreaFigures f) {
    List<Column> to = new ArrayList<>();
    count(to, "days", f.days);
    count(to, "gateway_days", f.gatewayDays);
    count(to, "sum_days", f.sumDays);
    count(to, "empty_days", f.emptyDays);
    count(to, "load_points", f.loadPoints);
    count(to, "filled_points", f.filledPoints);
    real(to, "max_kw", f.maxKw);
    place(to, "max_kw_point", f.maxKwAt);
    real(to, "mean_positive_kw", f.meanPositiveKw);
    real(to, "max_load_rate_pct", f.maxLoadRatePct);
    place(to, "max_load_rate_point", f.maxLoadRateAt);
    real(to, "mean_load_rate_pct", f.meanLoadRatePct);
    real(to, "max_consuming_kva", f.maxConsumingKva);
    count(to, "valley_days", f.valleyDays);
    real(to, "mean_valley_pct", f.meanValleyPct);
    real(to, "max_valley_kw", f.maxValleyKw);
    place(to, "max_valley_day", f.maxValleyDay);
    real(to, "energy_kwh", f.energyKwh);
    count(to, "energy_days", f.energyDays);
    count(to, "heavy_days", f.heavyDays);
    count(to, "heavy_points", f.heavyPoints);
    count(to, "heavy_longest", f.heavyLongest);
    count(to, "heavy_runs", f.heavyRuns);
    count(to, "overload_days", f.overloadDays);
    count(to, "overload_points", f.overloadPoints);
    count(to, "overload_longest", f.overloadLongest);
    count(to, "overload_runs", f.overloadRuns);
    count(to, "imbalance_days", f.imbalanceDays);
    count(to, "imbalance_points", f.imbalancePoints);
    count(to, "imbalance_longest", f.imbalanceLongest);
    count(to, "imbalance_runs", f.imbalanceRuns);
    real(to, "max_imbalance_pct", f.maxImbalancePct);
    place(to, "max_imbalance_point", f.maxImbalanceAt);
    big(to, "voltage_points", f.voltagePoints);
    big(to, "voltage_over", f.voltageOver);
    big(to, "voltage_under", f.voltageUnder);
    real(to, "factor_kw", f.factorKw);
    real(to, "factor_kvar", f.factorKvar);
    count(to, "factor_points", f.factorPoints);
    real(to, "coincident_kw", f.coincidentKw);
    real(to, "sum_of_maxima_kw", f.sumOfMaximaKw);
    count(to, "users_with_data", f.usersWithData);
    real(to, "max_phase_a_kva", f.maxPhaseKva[0]);
    real(to, "max_phase_b_kva", f.maxPhaseKva[1]);
    real(to, "max_phase_c_kva", f.maxPhaseKva[2]);
    real(to, "rated_kva", f.ratedKva);
    big(to, "curve_rows", f.curveRows);
    big(to, "ignored_rows", f.ignoredRows);
    big(to, "bad_rows", f.badRows);
    big(to, "repeated_rows", f.repeatedRows);
    big(to, "user_days", f.userDays);
    Object[] findings = f.users.stream().map(FiguresWriter::finding).toArray();
    to.add(new Column("users", DataTypes.createArrayType(FINDING, false), new GenericArrayData(findings)));
    return to;
  }

  private static InternalRow finding(AreaFigures.UserFinding finding) {
    GenericInternalRow row = new GenericInternalRow(3);
    row.update(0, UTF8String.fromString(finding.indicator()));
    row.update(1, UTF8String.fromString(finding.userId()));
    row.update(2, finding.value());
    return row;
  }

  private static void count(List<Column> to, String name, int value) {
    to.add(new Column(name, DataTypes.IntegerType, value));
  }

  private static void big(List<Column> to, String name, long value) {
    to.add(new Column(name, DataTypes.LongType, value));
  }

  private static void real(List<Column> to, String name, double value) {
    to.add(new Column(name, DataTypes.DoubleType, Double.isNaN(value) ? null : (Object) value));
  }

  /** A point or a day counted from the start of the window. */
  private static void place(List<Column> to, String name, int value) {
    to.add(new Column(name, DataTypes.IntegerType, value < 0 ? null : (Object) value));
  }

  private static StructType typeOf(List<Column> columns) {
    StructType type = new StructType();
    for (Column column : columns) type = type.add(column.name, column.type, true);
    return type;
  }
}
