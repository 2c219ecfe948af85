package station.outage.judge;

/** An outage as it lives inside a wave. Its node is kept by id, so that a new version of the archive does not disturb it. */
final class Outage {
  static final int SUSPECT = 0;
  static final int CONFIRMED = 1;
  static final int RESTORED = 2;
  static final int CLOSED = 3;
  static final int CANCELLED = 4;
  static final int MERGED = 5;
  static final int MOMENTARY = 6;
  static final int MAINTENANCE = 7;
  private static final String[] STATES = {"SUSPECT", "CONFIRMED", "RESTORED", "CLOSED", "CANCELLED", "MERGED", "MOMENTARY", "MAINTENANCE"};

  final String id;
  int version;
  int state = SUSPECT;
  int level;
  String nodeId;
  /** 0 = all phases, 1..3 = A..C, {@link AreaEvidence#LONE} = the one meter `nodeId`. */
  int variant;
  /** Area of a node inside an area, else null. */
  String areaId;
  /** Node inside the area that carries the root (a lone user's box), else null. */
  String rootId;
  String branchId;
  long startMs;
  long firstMs;
  long confirmedMs;
  long restoredMs;
  /** Next instant at which this outage wants to be looked at. */
  long dueMs;
  double probability;
  int off;
  int expected;
  int alive;
  boolean terminalOff;
  int pings;
  int users;
  /** Calls asked for it. */
  int asked;
  /** Instant of the first of them; 0 = none yet. */
  long askedMs;
  /** A report without any explanation better than chance: asked about, never confirmed without an answer. */
  boolean weak;
  private byte[] encoded;

  Outage(String id) {
    this.id = id;
  }

  boolean open() {
    return state == SUSPECT || state == CONFIRMED;
  }

  boolean done() {
    return state >= CLOSED;
  }

  long verdictMs(Parameters p) {
    return Math.max(earliestMs(p), Math.min(startMs + p.verdictMs, firstMs + p.verdictAfterFirstMs));
  }

  long earliestMs(Parameters p) {
    if (level >= Level.BOX) return startMs + p.confirmBoxMs;
    return Math.max(startMs + p.confirmAboveBoxMs, p.afterFirstMs(startMs, firstMs));
  }

  int reports() {
    return off + (terminalOff ? 1 : 0);
  }

  String phase() {
    return variant >= 1 && variant <= 3 ? String.valueOf((char) ('A' + variant - 1)) : null;
  }

  OutageRow row(String feederId, long decidedAtMs, long topologyVersion) {
    return new OutageRow(id, version, STATES[state], nodeId, Level.name(level), phase(), feederId, areaId, startMs, confirmedMs, restoredMs, users, Math.round(probability * 1e6) / 1e6, off, expected, alive, terminalOff, pings, decidedAtMs, topologyVersion);
  }

  void write(ByteWriter out) {
    if (!done()) {
      encode(out);
      return;
    }
    // Nothing of it changes any more.
    if (encoded == null) {
      ByteWriter own = new ByteWriter(128);
      encode(own);
      encoded = own.toBytes();
    }
    out.bytes(encoded);
  }

  private void encode(ByteWriter out) {
    out.text(id);
    out.uv(version);
    out.u8(state | level << 4);
    out.text(nodeId);
    out.u8(variant | (terminalOff ? 0x40 : 0) | (weak ? 0x80 : 0));
    out.text(areaId);
    out.text(rootId);
    out.text(branchId);
    out.uv(startMs);
    out.sv(firstMs - startMs);
    out.sv(confirmedMs == 0 ? 0 : confirmedMs - startMs + 1);
    out.sv(restoredMs == 0 ? 0 : restoredMs - startMs + 1);
    out.sv(dueMs - startMs);
    out.f64(probability);
    out.uv(off);
    out.uv(expected);
    out.uv(alive);
    out.uv(pings);
    out.uv(users);
    out.uv(asked);
    out.sv(askedMs == 0 ? 0 : askedMs - startMs + 1);
  }

  static Outage read(ByteReader in, int layout) {
    Outage o = new Outage(in.text());
    o.version = (int) in.uv();
    int bits = in.u8();
    o.state = bits & 15;
    o.level = bits >> 4;
    o.nodeId = in.text();
    int flags = in.u8();
    o.variant = flags & 15;
    o.terminalOff = (flags & 0x40) != 0;
    o.weak = (flags & 0x80) != 0;
    o.areaId = in.text();
    o.rootId = in.text();
    o.branchId = in.text();
    o.startMs = in.uv();
    o.firstMs = o.startMs + in.sv();
    long confirmed = in.sv();
    o.confirmedMs = confirmed == 0 ? 0 : o.startMs + confirmed - 1;
    long restored = in.sv();
    o.restoredMs = restored == 0 ? 0 : o.startMs + restored - 1;
    o.dueMs = o.startMs + in.sv();
    o.probability = in.f64();
    o.off = (int) in.uv();
    o.expected = (int) in.uv();
    o.alive = (int) in.uv();
    o.pings = (int) in.uv();
    o.users = (int) in.uv();
    o.asked = (int) in.uv();
    long first = layout < 3 ? 0 : in.sv();
    o.askedMs = first == 0 ? 0 : o.startMs + first - 1;
    return o;
  }
}
