package station.outage.judge;

/** What one device has said within one wave. */
final class Device {
  /** Asked or alive, never reported OFF. */
  static final int QUIET = 0;
  /** Reported OFF and nothing since. */
  static final int OFF = 1;
  /** Was off long enough to count and has supply again. */
  static final int ON = 2;
  /** Off for less than the momentary limit, or live all the while: a false report (R2). */
  static final int MOMENTARY = 3;
  /** Explained by work on site (R5). */
  static final int MAINTENANCE = 4;
  /** Reported OFF and answered a call with voltage afterwards. */
  static final int REFUTED = 5;

  static final int TERMINAL = 4;

  final String id;
  /** 0 A, 1 B, 2 C, 3 three-phase, 4 the area's terminal. */
  final int phase;
  final String boxId;
  final String lineId;
  int state;
  boolean alive;
  /** A terminal that does not vouch for its own record (flag `normal` is false). */
  boolean weak;
  int pingOk;
  int pingFail;
  /** Estimated instant of power loss; 0 when it never reported. */
  long offAtMs;
  long receivedMs;
  /** Its supply came back; of a device that never reported OFF: its latest sign of life. */
  long onAtMs;
  /** Index of the node it hangs on, in the area's present shape. */
  int node;
  /** Where its changing part stands in {@link DeviceRecords}; -1 before it is kept there. */
  int record = -1;

  Device(String id, int phase, String boxId, String lineId) {
    this.id = id;
    this.phase = phase;
    this.boxId = boxId;
    this.lineId = lineId;
  }

  /** From its ids and the two bytes of {@link #bits} and {@link #pings}. */
  static Device of(String id, String boxId, String lineId, int bits, int pings) {
    Device device = new Device(id, bits & 7, boxId, lineId);
    device.state = bits >> 3 & 7;
    device.alive = (bits & 0x40) != 0;
    device.weak = (bits & 0x80) != 0;
    device.pingOk = pings >> 4;
    device.pingFail = pings & 15;
    return device;
  }

  int bits() {
    return phase | state << 3 | (alive ? 0x40 : 0) | (weak ? 0x80 : 0);
  }

  int pings() {
    return Math.min(15, pingOk) << 4 | Math.min(15, pingFail);
  }

  boolean isTerminal() {
    return phase == TERMINAL;
  }

  /** Counts as a report for the place of a fault, restored or not. */
  boolean reported() {
    return state == OFF || state == ON;
  }

  /** Has shown supply after the start of the outage, by whatever sign. */
  boolean live() {
    return !reported() && (vouches() || pingOk > 0);
  }

  /** Shows supply by itself, without having been asked. */
  boolean vouches() {
    return !reported() && pingOk == 0 && (alive || state == MOMENTARY || state == REFUTED);
  }

  /** All that speaks for its supply was seen by then. */
  boolean livedUntil(long untilMs) {
    return live() && state != MOMENTARY && onAtMs <= untilMs;
  }

  void forgetLife() {
    state = QUIET;
    alive = false;
    pingOk = 0;
    offAtMs = receivedMs = onAtMs = 0;
  }

  /** Calls that failed and count: an answer later on shows that they only missed it. */
  int fails() {
    return pingOk > 0 ? 0 : pingFail;
  }

  /** A record of the layout before {@link DeviceRecords}. */
  static Device readLayout1(ByteReader in, long baseMs) {
    String id = in.text();
    int bits = in.u8();
    String boxId = in.text();
    String lineId = boxId == null ? in.text() : null;
    Device device = of(id, boxId, lineId, bits, in.u8());
    if (device.state != QUIET) {
      device.offAtMs = baseMs + in.sv();
      device.receivedMs = baseMs + in.sv();
      long on = in.sv();
      device.onAtMs = on == 0 ? 0 : baseMs + on - 1;
    }
    return device;
  }
}
