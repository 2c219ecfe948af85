package station.outage.judge;

/** Rows that wait for their feeder's tree, as blobs. */
final class EventCodec {
  private static final int LAYOUT = 1;

  private EventCodec() {}

  static byte[] toBytes(Event e) {
    ByteWriter out = new ByteWriter(96);
    out.u8(LAYOUT);
    out.u8(e.kind);
    out.u8(e.deviceKind);
    out.text(e.deviceId);
    out.text(e.areaId);
    out.text(e.lineId);
    out.text(e.boxId);
    out.u8(e.phase);
    out.sv(e.receivedMs);
    out.i64(e.occurredMs);
    out.i64(e.endedMs);
    out.sv(e.normal);
    return out.toBytes();
  }

  static void read(byte[] blob, Event e) {
    ByteReader in = new ByteReader(blob);
    in.version(LAYOUT, "pending event");
    e.kind = in.u8();
    e.deviceKind = in.u8();
    e.deviceId = in.text();
    e.areaId = in.text();
    e.lineId = in.text();
    e.boxId = in.text();
    e.phase = in.u8();
    e.receivedMs = in.sv();
    e.occurredMs = in.i64();
    e.endedMs = in.i64();
    e.normal = (int) in.sv();
  }
}
