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
  long onAtMs;
  /** Index of the node it hangs on, in the area's present shape. */
  int node;
  /** As last written; a change takes it away. One event changes one device, so the others are only copied. */
  byte[] encoded;
  /** What never changes, as written. */
  private byte[] place;

  Device(String id, int phase, String boxId, String lineId) {
    this.id = id;
    this.phase = phase;
    this.boxId = boxId;
    this.lineId = lineId;
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

  /** Calls that failed and count: an answer later on shows that they only missed it. */
  int fails() {
    return pingOk > 0 ? 0 : pingFail;
  }

  void write(ByteWriter out, long baseMs) {
    if (encoded == null) {
      ByteWriter own = new ByteWriter(48);
      encode(own, baseMs);
      encoded = own.toBytes();
    }
    out.bytes(encoded);
  }

  private void encode(ByteWriter out, long baseMs) {
    if (place == null) {
      ByteWriter own = new ByteWriter(40);
      own.text(id);
      own.text(boxId);
      if (boxId == null) own.text(lineId);
      place = own.toBytes();
    }
    out.bytes(place);
    out.u8(phase | state << 3 | (alive ? 0x40 : 0) | (weak ? 0x80 : 0));
    out.u8(Math.min(15, pingOk) << 4 | Math.min(15, pingFail));
    if (state != QUIET) {
      out.sv(offAtMs - baseMs);
      out.sv(receivedMs - baseMs);
      out.sv(onAtMs == 0 ? 0 : onAtMs - baseMs + 1);
    }
  }

  /** `layout` of the area's blob, see {@link AreaState}. */
  static Device read(ByteReader in, long baseMs, int layout) {
    String id = in.text();
    int bits = layout == 1 ? in.u8() : 0;
    String boxId = in.text();
    String lineId = boxId == null ? in.text() : null;
    if (layout > 1) bits = in.u8();
    Device device = new Device(id, bits & 7, boxId, lineId);
    device.state = bits >> 3 & 7;
    device.alive = (bits & 0x40) != 0;
    device.weak = (bits & 0x80) != 0;
    int pings = in.u8();
    device.pingOk = pings >> 4;
    device.pingFail = pings & 15;
    if (device.state != QUIET) {
      device.offAtMs = baseMs + in.sv();
      device.receivedMs = baseMs + in.sv();
      long on = in.sv();
      device.onAtMs = on == 0 ? 0 : baseMs + on - 1;
    }
    return device;
  }
}
