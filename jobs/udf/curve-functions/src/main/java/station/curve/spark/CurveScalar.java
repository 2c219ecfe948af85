package station.curve.spark;

import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** What all scalar functions here have in common; each adds a static `invoke`, which Spark compiles into the query. */
abstract class CurveScalar<R> implements UnboundFunction, ScalarFunction<R> {
  private final String name;
  private final String description;
  private final DataType resultType;
  private final DataType[] inputTypes;

  CurveScalar(String name, String description, DataType resultType, DataType... inputTypes) {
    this.name = name;
    this.description = description;
    this.resultType = resultType;
    this.inputTypes = inputTypes;
  }

  @Override
  public BoundFunction bind(StructType given) {
    if (given.fields().length != inputTypes.length) throw new UnsupportedOperationException(name + " takes " + inputTypes.length + " arguments: " + description);
    return this;
  }

  @Override
  public DataType[] inputTypes() {
    return inputTypes;
  }

  @Override
  public DataType resultType() {
    return resultType;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String canonicalName() {
    return "station.curve." + name;
  }

  @Override
  public String description() {
    return description;
  }
}
