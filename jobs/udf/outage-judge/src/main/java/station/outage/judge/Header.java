package station.outage.judge;

/** The small value that the engine reads and writes around every call; it alone decides whether anything else is looked at. */
final class Header {
  /** 1: with numbers about open calls, which nobody needs; 2: without. */
  private static final int LAYOUT = 2;
  static final String[] COUNTERS = {"accepted", "duplicate", "old", "late", "unmatchedOn", "unknownArea", "planned", "controlled", "maintenance", "clock", "pending", "alive"};
  static final int ACCEPTED = 0;
  static final int DUPLICATE = 1;
  static final int OLD = 2;
  static final int LATE = 3;
  static final int UNMATCHED_ON = 4;
  static final int UNKNOWN_AREA = 5;
  static final int PLANNED = 6;
  static final int CONTROLLED = 7;
  static final int MAINTENANCE = 8;
  static final int CLOCK = 9;
  static final int PENDING = 10;
  static final int ALIVE = 11;

  String feederId;
  boolean hasTopology;
  long sequence;
  long upperSequence;
  long nowMs;
  long dueMs = Long.MAX_VALUE;
  int waves;
  int nextWave = 1;
  int nextOutage = 1;
  int pending;
  final long[] counters = new long[COUNTERS.length];

  byte[] toBytes() {
    ByteWriter out = new ByteWriter(96);
    out.u8(LAYOUT);
    out.text(feederId);
    out.u8(hasTopology ? 1 : 0);
    out.uv(sequence);
    out.uv(upperSequence);
    out.uv(nowMs);
    out.uv(dueMs);
    out.uv(waves);
    out.uv(nextWave);
    out.uv(nextOutage);
    out.uv(pending);
    out.uv(counters.length);
    for (long counter : counters) out.uv(counter);
    return out.toBytes();
  }

  static Header fromBytes(byte[] bytes) {
    Header header = new Header();
    if (bytes == null || bytes.length == 0) return header;
    ByteReader in = new ByteReader(bytes);
    int layout = in.version(LAYOUT, "header");
    header.feederId = in.text();
    header.hasTopology = in.u8() == 1;
    if (layout == 1) for (int i = 0; i < 3; i++) in.uv();
    header.sequence = in.uv();
    header.upperSequence = in.uv();
    header.nowMs = in.uv();
    header.dueMs = in.uv();
    header.waves = (int) in.uv();
    header.nextWave = (int) in.uv();
    header.nextOutage = (int) in.uv();
    header.pending = (int) in.uv();
    int n = in.count();
    for (int i = 0; i < n; i++) {
      long value = in.uv();
      if (i < header.counters.length) header.counters[i] = value;
    }
    return header;
  }
}
