package station.outage.judge;

import java.util.Arrays;

/**
 * The devices of one area and wave as they are written: one record after another, each with a part that never changes (ids) and
 * fourteen bytes that do. A report patches its own record, so that writing an area is one copy, whatever the number of devices.
 * Instants are milliseconds after the wave's base, which reaches 24 days.
 */
final class DeviceRecords {
  private static final int CHANGING = 14;
  private static final int NEVER = Integer.MIN_VALUE;

  private final long baseMs;
  private byte[] bytes = new byte[128];
  private int length;
  private int count;

  DeviceRecords(long baseMs) {
    this.baseMs = baseMs;
  }

  /** Adds the device, or brings its record up to date. */
  void put(Device device) {
    if (device.record < 0) {
      ByteWriter ids = new ByteWriter(48);
      ids.text(device.id);
      ids.text(device.boxId);
      if (device.boxId == null) ids.text(device.lineId);
      byte[] fixed = ids.toBytes();
      int needed = length + fixed.length + CHANGING;
      if (needed > bytes.length) bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
      System.arraycopy(fixed, 0, bytes, length, fixed.length);
      device.record = length + fixed.length;
      length = needed;
      count++;
    }
    int at = device.record;
    bytes[at] = (byte) device.bits();
    bytes[at + 1] = (byte) device.pings();
    patch(at + 2, device.offAtMs);
    patch(at + 6, device.receivedMs);
    patch(at + 10, device.onAtMs);
  }

  private void patch(int at, long atMs) {
    int delta = atMs == 0 ? NEVER : (int) Math.max(NEVER + 1L, Math.min(Integer.MAX_VALUE, atMs - baseMs));
    ByteWriter.INT.set(bytes, at, delta);
  }

  void write(ByteWriter out) {
    out.uv(count);
    out.bytes(bytes, length);
  }

  static Device read(ByteReader in, long baseMs) {
    String id = in.text();
    String boxId = in.text();
    String lineId = boxId == null ? in.text() : null;
    Device device = Device.of(id, boxId, lineId, in.u8(), in.u8());
    device.offAtMs = instant(in.i32(), baseMs);
    device.receivedMs = instant(in.i32(), baseMs);
    device.onAtMs = instant(in.i32(), baseMs);
    return device;
  }

  private static long instant(int delta, long baseMs) {
    return delta == NEVER ? 0 : baseMs + delta;
  }
}
