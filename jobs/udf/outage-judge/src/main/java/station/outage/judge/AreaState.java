package station.outage.judge;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/** Everything kept for one area: its evidence by wave, recent reports (R1) and recent work on site (R5). */
final class AreaState {
  private static final int LAYOUT = 1;
  private static final int PURGE_ABOVE = 48;
  private static final long PURGE_EVERY_MS = 3_600_000;

  final String areaId;
  long sequence;
  final Map<Integer, AreaEvidence> waves = new TreeMap<>();
  /** Last accepted instant by hash of device and kind. */
  private final Map<Integer, Long> recent = new HashMap<>();
  private final Map<String, Long> work = new HashMap<>();
  /** When a report last told of an interruption that is long past. */
  private long oldToldMs;
  private long purgedMs;

  AreaState(String areaId) {
    this.areaId = areaId;
  }

  /** True when the same device said the same thing about the same instant before; else remembers it. */
  boolean repeated(String deviceId, int kind, long atMs, long nowMs, Parameters p) {
    int key = hash(deviceId, kind);
    Long last = recent.get(key);
    if (last != null && Math.abs(last - atMs) <= p.duplicateToleranceMs && nowMs - last <= p.duplicateKeepMs) return true;
    // Kept as it is written: to a tenth of a second.
    if (last == null || atMs > last) recent.put(key, atMs / 100 * 100);
    if (recent.size() > PURGE_ABOVE && nowMs - purgedMs > PURGE_EVERY_MS) {
      purgedMs = nowMs;
      recent.values().removeIf(at -> nowMs - at > p.duplicateKeepMs);
    }
    return false;
  }

  void toldOfOld(long nowMs) {
    oldToldMs = Math.max(oldToldMs, nowMs);
  }

  boolean tellsOfOld(long nowMs, Parameters p) {
    return oldToldMs != 0 && nowMs - oldToldMs <= p.stragglerMs;
  }

  void workOn(String deviceId, long atMs, Parameters p) {
    work.values().removeIf(at -> atMs - at > 2 * p.maintenanceMs);
    work.put(deviceId, atMs);
  }

  boolean workNear(String deviceId, long atMs, Parameters p) {
    Long at = work.get(deviceId);
    return at != null && Math.abs(at - atMs) <= p.maintenanceMs;
  }

  boolean idle(long nowMs, Parameters p) {
    if (!waves.isEmpty()) return false;
    for (Iterator<Long> each = recent.values().iterator(); each.hasNext(); ) if (nowMs - each.next() > p.duplicateKeepMs) each.remove();
    return recent.isEmpty() && work.isEmpty();
  }

  private static int hash(String text, int kind) {
    long h = 0xcbf29ce484222325L ^ kind;
    for (int i = 0; i < text.length(); i++) h = (h ^ text.charAt(i)) * 0x100000001b3L;
    return (int) (h ^ h >>> 32);
  }

  byte[] toBytes() {
    ByteWriter out = new ByteWriter(64 + recent.size() * 18 + waves.size() * 512);
    out.u8(LAYOUT);
    out.uv(sequence);
    out.text(areaId);
    out.uv(oldToldMs);
    out.uv(recent.size());
    // Times as distances from the newest: three bytes for a day.
    long newest = 0;
    for (long at : recent.values()) newest = Math.max(newest, at);
    out.uv(newest);
    for (Map.Entry<Integer, Long> each : recent.entrySet()) {
      out.i32(each.getKey());
      out.uv((newest - each.getValue()) / 100);
    }
    out.uv(work.size());
    work.forEach((device, at) -> {
      out.text(device);
      out.uv(at);
    });
    out.uv(waves.size());
    waves.forEach((wave, evidence) -> {
      out.uv(wave);
      evidence.write(out);
    });
    return out.toBytes();
  }

  /** The sequence number of a blob without reading the rest: tells whether a decoded copy is the newest. */
  static long sequenceOf(byte[] blob) {
    ByteReader in = new ByteReader(blob);
    in.version(LAYOUT, "area");
    return in.uv();
  }

  static AreaState fromBytes(byte[] blob, AreaShape shape, Parameters p) {
    ByteReader in = new ByteReader(blob);
    in.version(LAYOUT, "area");
    long sequence = in.uv();
    AreaState state = new AreaState(in.text());
    state.sequence = sequence;
    state.oldToldMs = in.uv();
    int reports = in.count();
    long newest = in.uv();
    for (int i = 0; i < reports; i++) {
      int key = in.i32();
      state.recent.put(key, newest - in.uv() * 100);
    }
    for (int i = in.count(); i > 0; i--) {
      String device = in.text();
      state.work.put(device, in.uv());
    }
    for (int i = in.count(); i > 0; i--) {
      int wave = (int) in.uv();
      state.waves.put(wave, AreaEvidence.read(in, shape, p));
    }
    return state;
  }
}
