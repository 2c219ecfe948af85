package station.curve.spark;

import org.apache.spark.unsafe.types.UTF8String;
import station.curve.Kind;

/** Kind names as Spark holds them, read without making a text of every row. */
final class Kinds {
  private Kinds() {}

  /** Null for a kind that the indicators do not use. */
  static Kind parse(UTF8String name) {
    int length = name.numBytes();
    if (length == 1) {
      byte only = name.getByte(0);
      return only == 'P' ? Kind.P : only == 'Q' ? Kind.Q : null;
    }
    if (length != 2) return null;
    int phase = name.getByte(1) - 'A';
    if (phase < 0 || phase > 2) return null;
    return switch (name.getByte(0)) {
      case 'U' -> phase == 0 ? Kind.UA : phase == 1 ? Kind.UB : Kind.UC;
      case 'I' -> phase == 0 ? Kind.IA : phase == 1 ? Kind.IB : Kind.IC;
      default -> null;
    };
  }

  /** The kind whose unit a curve has: powers of one phase are in kW too. Throws for a name that is no curve kind. */
  static Kind unitOf(UTF8String name) {
    Kind kind = parse(name);
    if (kind != null) return kind;
    String text = name.toString();
    if (text.matches("P[ABC]")) return Kind.P;
    if (text.matches("Q[ABC]")) return Kind.Q;
    if (text.equals("I0")) return Kind.IA;
    throw new IllegalArgumentException("'" + text + "' is no kind of curve");
  }
}
