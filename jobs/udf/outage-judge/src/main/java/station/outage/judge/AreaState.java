package station.outage.judge;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Everything kept for one area: its evidence by wave, recent reports (R1) and recent work on site (R5). */
final class AreaState {
  /** 1: recent reports as distances from the newest, a device's state before its place; 2: {@link RecentReports}, {@link Device}. */
  private static final int LAYOUT = 2;
  private static final int PURGE_ABOVE = 48;
  private static final long PURGE_EVERY_MS = 3_600_000;

  final String areaId;
  long sequence;
  final Map<Integer, AreaEvidence> waves = new TreeMap<>();
  private RecentReports recent = new RecentReports();
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
    long last = recent.get(key);
    if (last != Event.NONE && Math.abs(last - atMs) <= p.duplicateToleranceMs && nowMs - last <= p.duplicateKeepMs) return true;
    if (last == Event.NONE || atMs > last) recent.put(key, atMs);
    if (recent.size() > PURGE_ABOVE && nowMs - purgedMs > PURGE_EVERY_MS) {
      purgedMs = nowMs;
      recent.removeBefore(nowMs - p.duplicateKeepMs);
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
    recent.removeBefore(nowMs - p.duplicateKeepMs);
    return recent.size() == 0 && work.isEmpty();
  }

  private static int hash(String text, int kind) {
    long h = 0xcbf29ce484222325L ^ kind;
    for (int i = 0; i < text.length(); i++) h = (h ^ text.charAt(i)) * 0x100000001b3L;
    return (int) (h ^ h >>> 32);
  }

  byte[] toBytes() {
    ByteWriter out = new ByteWriter(64 + recent.size() * 8 + waves.size() * 512);
    out.u8(LAYOUT);
    out.uv(sequence);
    out.text(areaId);
    out.uv(oldToldMs);
    recent.write(out);
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
    int layout = in.version(LAYOUT, "area");
    long sequence = in.uv();
    AreaState state = new AreaState(in.text());
    state.sequence = sequence;
    state.oldToldMs = in.uv();
    state.recent = layout == 1 ? RecentReports.readDistances(in) : RecentReports.read(in);
    for (int i = in.count(); i > 0; i--) {
      String device = in.text();
      state.work.put(device, in.uv());
    }
    for (int i = in.count(); i > 0; i--) {
      int wave = (int) in.uv();
      state.waves.put(wave, AreaEvidence.read(in, shape, p, layout));
    }
    return state;
  }
}
