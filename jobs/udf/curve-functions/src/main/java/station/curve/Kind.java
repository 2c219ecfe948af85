package station.curve;

/** The curve kinds that the indicators use. Other kinds of `curve_day` (powers of one phase, neutral current) are not read. */
public enum Kind {
  P, Q, IA, IB, IC, UA, UB, UC;

  static final int COUNT = values().length;
  private static final Kind[] ALL = values();

  static Kind of(int index) {
    return ALL[index];
  }

  boolean isPower() {
    return this == P || this == Q;
  }

  boolean isVoltage() {
    return ordinal() >= UA.ordinal();
  }

  /** 0, 1, 2 for the phases A, B, C of a current or a voltage. */
  int phase() {
    return isVoltage() ? ordinal() - UA.ordinal() : ordinal() - IA.ordinal();
  }

  /** The kind of a name, null for one that is not used here. */
  public static Kind parse(String name) {
    return switch (name) {
      case "P" -> P;
      case "Q" -> Q;
      case "IA" -> IA;
      case "IB" -> IB;
      case "IC" -> IC;
      case "UA" -> UA;
      case "UB" -> UB;
      case "UC" -> UC;
      default -> null;
    };
  }
}
