package station.outage.judge;

/** One row of `event.valid`. Reused by callers: nothing in the judge keeps a reference. */
public final class Event {
  public static final int OFF = 0;
  public static final int ON = 1;
  public static final int ALIVE = 2;
  public static final int TRIP = 3;
  public static final int PING_OK = 4;
  public static final int PING_FAIL = 5;
  public static final int MODULE_CHANGED = 6;
  public static final int TICK = 7;

  public static final int METER = 0;
  public static final int TERMINAL = 1;
  public static final int SWITCH = 2;

  /** No instant given. */
  public static final long NONE = Long.MIN_VALUE;

  public int kind;
  public int deviceKind;
  public String deviceId;
  public String areaId;
  public String lineId;
  public String boxId;
  /** 0..2 = A..C, 3 = three-phase or unknown. */
  public int phase = 3;
  public long occurredMs = NONE;
  public long endedMs = NONE;
  public long receivedMs;
  /** The terminal's flag `normal`: 1, 0, or -1 when absent. */
  public int normal = -1;

  /** Number of a kind's name, or -1. */
  public static int kindOf(String name) {
    if (name == null) return -1;
    return switch (name) {
      case "OFF" -> OFF;
      case "ON" -> ON;
      case "ALIVE" -> ALIVE;
      case "TRIP" -> TRIP;
      case "PING_OK" -> PING_OK;
      case "PING_FAIL" -> PING_FAIL;
      case "MODULE_CHANGED" -> MODULE_CHANGED;
      case "TICK" -> TICK;
      default -> -1;
    };
  }

  public static int deviceKindOf(String name) {
    if ("TERMINAL".equals(name)) return TERMINAL;
    return "SWITCH".equals(name) ? SWITCH : METER;
  }

  public static int phaseOf(String name) {
    if (name == null || name.length() != 1) return 3;
    int phase = name.charAt(0) - 'A';
    return phase >= 0 && phase <= 2 ? phase : 3;
  }
}
