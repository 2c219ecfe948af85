package station.curve.spark;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.catalyst.analysis.NoSuchFunctionException;
import org.apache.spark.sql.connector.catalog.FunctionCatalog;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The functions as a catalog that plain SQL can call: `SET spark.sql.catalog.curve=station.curve.spark.CurveCatalog`, then `curve.fn.area_figures(...)`.
 * The namespace in the middle is free; the catalog must not have the name of a database.
 */
public final class CurveCatalog implements FunctionCatalog {
  private static final Map<String, UnboundFunction> FUNCTIONS = new LinkedHashMap<>();

  static {
    for (UnboundFunction function : new UnboundFunction[] {
      new AreaFiguresFunction(), new MemberAreaFunction(), new PackFunction(), new ValuesFunction(), new ValidPointsFunction(),
      new ProfileDayFunction(), new VoltageDayFunction(), new EnergyFunction(), new FeedDayFunction(), new SyntheticDayFunction(),
    }) FUNCTIONS.put(function.name(), function);
  }

  private String name;

  @Override
  public void initialize(String name, CaseInsensitiveStringMap options) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Identifier[] listFunctions(String[] namespace) {
    return FUNCTIONS.keySet().stream().map(function -> Identifier.of(namespace, function)).toArray(Identifier[]::new);
  }

  @Override
  public UnboundFunction loadFunction(Identifier identifier) throws NoSuchFunctionException {
    UnboundFunction function = FUNCTIONS.get(identifier.name().toLowerCase(Locale.ROOT));
    if (function == null) throw new NoSuchFunctionException(identifier);
    return function;
  }
}
