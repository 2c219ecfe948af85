package station.curve.spark;

import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.AggregateFunction;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;
import station.curve.AreaFold;
import station.curve.Kind;

/**
 * `area_figures(archive, meter_id, kind, date, points)` grouped by area: one pass over the curves of an area.
 * One row of the group carries the archive (and no curve) and comes first, all others a curve (and no archive). A group without an archive has no figures.
 */
public final class AreaFiguresFunction implements UnboundFunction {
  @Override
  public BoundFunction bind(StructType given) {
    DataType[] types = new DataType[given.fields().length];
    for (int i = 0; i < types.length; i++) types[i] = given.fields()[i].dataType();
    boolean fits = types.length == 5 && types[0] instanceof StructType archive && ArchiveReader.fits(archive)
        && types[1].equals(DataTypes.StringType) && types[2].equals(DataTypes.StringType) && types[3].equals(DataTypes.DateType) && types[4].equals(DataTypes.BinaryType);
    if (!fits) throw new UnsupportedOperationException("area_figures takes " + description() + "; given: " + given.simpleString());
    return new Bound(types);
  }

  @Override
  public String description() {
    return "archive " + ArchiveReader.FORM + ", meter_id STRING, kind STRING, date DATE, points BINARY";
  }

  @Override
  public String name() {
    return "area_figures";
  }

  /**
   * The fold with what spares new objects for every row: the last meter as Spark's text, since rows come by meter, and an array that takes the
   * points of one row after the other.
   */
  public static final class State implements Serializable {
    private static final long serialVersionUID = 1;
    private AreaFold fold = new AreaFold();
    private transient UTF8String meter;
    private transient String meterId;
    private transient byte[] points;

    /** The points of a row, in an array that the next row of the same length overwrites. */
    byte[] pointsOf(InternalRow row) {
      // Spark hands rows of bytes to an aggregate: there a text is a view of a field, while a binary would be a copy of it
      UTF8String view = row.getUTF8String(4);
      if (points == null || points.length != view.numBytes()) points = new byte[view.numBytes()];
      Platform.copyMemory(view.getBaseObject(), view.getBaseOffset(), points, Platform.BYTE_ARRAY_OFFSET, points.length);
      return points;
    }
  }

  private static final class Bound implements AggregateFunction<State, InternalRow> {
    private static final long serialVersionUID = 1;
    private final DataType[] types;

    Bound(DataType[] types) {
      this.types = types;
    }

    @Override
    public State newAggregationState() {
      return new State();
    }

    @Override
    public State update(State state, InternalRow row) {
      if (!row.isNullAt(0)) state.fold.accept(ArchiveReader.read(row.getStruct(0, ArchiveReader.FIELDS)));
      if (row.isNullAt(1) || row.isNullAt(2) || row.isNullAt(3) || row.isNullAt(4)) return state;
      Kind kind = Kinds.parse(row.getUTF8String(2));
      if (kind == null) return state;
      UTF8String meter = row.getUTF8String(1);
      if (!meter.equals(state.meter)) {
        state.meter = meter.copy();
        state.meterId = meter.toString();
      }
      state.fold.accept(state.meterId, kind, row.getInt(3), state.pointsOf(row));
      return state;
    }

    @Override
    public State merge(State state, State other) {
      state.fold = state.fold.merge(other.fold);
      return state;
    }

    @Override
    public InternalRow produceResult(State state) {
      return FiguresWriter.write(state.fold.finish());
    }

    @Override
    public DataType[] inputTypes() {
      return types;
    }

    @Override
    public DataType resultType() {
      return FiguresWriter.TYPE;
    }

    @Override
    public boolean isResultNullable() {
      return true;
    }

    @Override
    public String name() {
      return "area_figures";
    }

    @Override
    public String canonicalName() {
      return "station.curve.area_figures";
    }
  }
}
