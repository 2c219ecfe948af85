package station.curve.spark;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.connector.catalog.functions.AggregateFunction;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import station.curve.FeedDay;

/** `feed_day(points, phase, ratio, ct, rated_kva, gap_rate, seed)` grouped by area and date: the users' P curves as the gateway's eight curves. */
public final class FeedDayFunction implements UnboundFunction, AggregateFunction<FeedDayFunction.State, ArrayData> {
  private static final StructType CURVE = new StructType().add("kind", DataTypes.StringType, false).add("points", DataTypes.BinaryType, false);

  public static final class State implements Serializable {
    private static final long serialVersionUID = 1;
    private FeedDay day = new FeedDay();
    private double ct = 1;
    private double ratedKva;
    private double gapRate;
    private long seed;
  }

  @Override
  public BoundFunction bind(StructType given) {
    return this;
  }

  @Override
  public State newAggregationState() {
    return new State();
  }

  @Override
  public State update(State state, InternalRow row) {
    state.ct = row.getDouble(3);
    state.ratedKva = row.getDouble(4);
    state.gapRate = row.getDouble(5);
    state.seed = row.getLong(6);
    if (row.isNullAt(0)) return state;
    UTF8String phase = row.isNullAt(1) ? UTF8String.EMPTY_UTF8 : row.getUTF8String(1);
    state.day.add(row.getBinary(0), phase.numBytes() == 1 ? (char) phase.getByte(0) : ' ', row.getDouble(2));
    return state;
  }

  @Override
  public State merge(State state, State other) {
    if (other.ratedKva == 0 && other.seed == 0) return state;
    other.day = other.day.merge(state.day);
    return other;
  }

  @Override
  public ArrayData produceResult(State state) {
    List<FeedDay.Curve> curves = state.day.finish(state.ct, state.ratedKva, state.gapRate, state.seed);
    return new GenericArrayData(curves.stream().map(curve -> new GenericInternalRow(new Object[] {UTF8String.fromString(curve.kind().name()), curve.points()})).toArray());
  }

  @Override
  public DataType[] inputTypes() {
    return new DataType[] {DataTypes.BinaryType, DataTypes.StringType, DataTypes.DoubleType, DataTypes.DoubleType, DataTypes.DoubleType, DataTypes.DoubleType, DataTypes.LongType};
  }

  @Override
  public DataType resultType() {
    return DataTypes.createArrayType(CURVE, false);
  }

  @Override
  public String name() {
    return "feed_day";
  }

  @Override
  public String canonicalName() {
    return "station.curve.feed_day";
  }

  @Override
  public String description() {
    return "points BINARY, phase STRING, ratio DOUBLE, ct DOUBLE, rated_kva DOUBLE, gap_rate DOUBLE, seed BIGINT";
  }
}
