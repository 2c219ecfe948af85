package station.outage.judge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * The reports of one feeder that may share a cause in time, as sums over its branches: enough to score the feeder and its
 * branches without reading any area. Slot `branches` holds the areas that hang on the feeder itself.
 */
final class Wave {
  static final long BIN_MS = 5_000;
  static final int BINS = 96;
  /** A cluster of so many reports is worth remembering for those that come late. */
  static final int STRAGGLERS_FROM = 3;
  private static final int TERMINAL_ALIVE = 0x80;
  private static final long UNKNOWN = Long.MIN_VALUE;
  /** Live meters beyond this many say nothing more about an area. */
  private static final int METERS_ALIVE = 2;

  record Call(String callId, String deviceId, String areaId, String outageId, long askedMs) {}

  /** What one area adds to the sums. */
  record Share(double up, double value, int strays, int terminalOff, int terminalOn, int meterOff, int meterOn, int momentary) {
    static final Share NOTHING = new Share(0, 0, 0, 0, 0, 0, 0, 0);
  }

  final int id;
  final long baseMs;
  final long firstMs;
  final int[] bins = new int[BINS];
  int reports;
  private long t0Ms = UNKNOWN;
  final double[] up;
  final double[] value;
  /** Reports that may as well come from devices whose area the archive has wrong; see {@link AreaEvidence#strays}. */
  final int[] strays;
  final int[] terminalOff;
  final int[] terminalOn;
  final int[] terminalAlive;
  final int[] meterOff;
  final int[] meterOn;
  final int[] areasAlive;
  /** Areas that saw a reclosing. */
  final int[] momentary;
  boolean tripped;
  boolean watched;
  /** A confirmed outage did not follow the explanation when it was looked at last. */
  boolean unsettled;
  /** The archive changed since it began: devices may report from another place than before. */
  boolean moved;
  /** Which of feeder and branches were chosen last; tells whether the explanation above the areas changed. */
  int topSignature;
  final byte[] alive;
  /** The latest sign of life counted for an area. */
  private final long[] signMs;
  /** The start that signs of life were last held against. */
  long signsFromMs;
  final BitSet members = new BitSet();
  final List<Outage> outages = new ArrayList<>(2);
  final List<Call> calls = new ArrayList<>(0);
  /** What is asked after restorations. */
  final List<Search> searches = new ArrayList<>(0);
  /** Next instant at which calls are planned; MAX = none wanted. */
  long callDueMs = Long.MAX_VALUE;
  int callsMade;
  /** Scores of the branches, NaN where the sums have changed since. */
  private final double[] branchScores;
  /** As last written, in two parts because a report changes only the first; see {@link Feeder#touch}. */
  private byte[] sums;
  private byte[] decisions;

  Wave(int id, long baseMs, long firstMs, FeederShape shape) {
    int slots = shape.branches() + 1;
    this.id = id;
    this.baseMs = baseMs;
    this.firstMs = firstMs;
    up = new double[slots];
    value = new double[slots];
    strays = new int[slots];
    branchScores = new double[slots];
    Arrays.fill(branchScores, Double.NaN);
    terminalOff = new int[slots];
    terminalOn = new int[slots];
    terminalAlive = new int[slots];
    meterOff = new int[slots];
    meterOn = new int[slots];
    areasAlive = new int[slots];
    momentary = new int[slots];
    alive = new byte[shape.areas()];
    signMs = new long[shape.areas()];
    signsFromMs = baseMs;
  }

  /** Notes the instant of a report; t0 is the 20 % quantile of all of them. */
  void report(long offAtMs) {
    int bin = (int) Math.max(0, Math.min(BINS - 1, (offAtMs - baseMs) / BIN_MS + BINS / 2));
    bins[bin]++;
    reports++;
    t0Ms = UNKNOWN;
  }

  long t0Ms() {
    if (t0Ms == UNKNOWN) t0Ms = quantile();
    return t0Ms;
  }

  private long quantile() {
    int wanted = Math.max(1, (reports + 4) / 5);
    int seen = 0;
    for (int bin = 0; bin < BINS; bin++) {
      seen += bins[bin];
      if (seen >= wanted) return baseMs + (bin - BINS / 2) * BIN_MS + BIN_MS / 2;
    }
    return baseMs;
  }

  void account(int slot, Share before, Share after) {
    up[slot] += after.up - before.up;
    value[slot] += after.value - before.value;
    // A wave from before they were counted (layout 5) has none to take away.
    strays[slot] = Math.max(0, strays[slot] + after.strays - before.strays);
    terminalOff[slot] += after.terminalOff - before.terminalOff;
    terminalOn[slot] += after.terminalOn - before.terminalOn;
    meterOff[slot] += after.meterOff - before.meterOff;
    meterOn[slot] += after.meterOn - before.meterOn;
    momentary[slot] += after.momentary - before.momentary;
    branchScores[slot] = Double.NaN;
  }

  /** A live sign of an area's terminal or of one of its meters after the start. True when it changed anything. */
  boolean sign(int area, int slot, boolean terminal, long instantMs, Parameters p) {
    int was = alive[area] & 0xFF;
    int meters = was & 0x7F;
    boolean wasAlive = isAlive(was);
    if (terminal) {
      if ((was & TERMINAL_ALIVE) != 0) return false;
      alive[area] |= (byte) TERMINAL_ALIVE;
      terminalAlive[slot]++;
    } else {
      if (meters >= METERS_ALIVE) return false;
      alive[area]++;
      up[slot] += p.alive(1);
    }
    if (!wasAlive && isAlive(alive[area] & 0xFF)) areasAlive[slot]++;
    signMs[area] = Math.max(signMs[area], instantMs);
    branchScores[slot] = Double.NaN;
    return true;
  }

  long signMs(int area) {
    return signMs[area];
  }

  /** The start lies later than it seemed (a lone report came before a fault): signs of life have to be held against it anew. */
  boolean startMoved() {
    if (t0Ms() <= signsFromMs + BIN_MS) return false;
    signsFromMs = t0Ms();
    return true;
  }

  /** Signs of life up to an instant say nothing about what began after it. */
  void forgetSigns(long untilMs, FeederShape shape, Parameters p) {
    for (int area = 0; area < alive.length; area++) {
      int was = alive[area] & 0xFF;
      if (was == 0 || signMs[area] > untilMs) continue;
      int slot = shape.areaBranch[area];
      if (isAlive(was)) areasAlive[slot]--;
      if ((was & TERMINAL_ALIVE) != 0) terminalAlive[slot]--;
      up[slot] -= p.alive(was & 0x7F);
      alive[area] = 0;
      branchScores[slot] = Double.NaN;
    }
  }

  /** The terminal reported OFF after all: its earlier live sign was its battery. */
  void unsign(int area, int slot) {
    int was = alive[area] & 0xFF;
    if ((was & TERMINAL_ALIVE) == 0) return;
    branchScores[slot] = Double.NaN;
    alive[area] &= 0x7F;
    terminalAlive[slot]--;
    if (!isAlive(alive[area] & 0xFF)) areasAlive[slot]--;
  }

  int momentaryAreas() {
    int sum = 0;
    for (int count : momentary) sum += count;
    return sum;
  }

  /** Signs of life reach this wave at all. */
  boolean signs() {
    for (byte each : alive) if (each != 0) return true;
    return false;
  }

  boolean isAreaAlive(int area) {
    return isAlive(alive[area] & 0xFF);
  }

  boolean isTerminalAlive(int area) {
    return (alive[area] & TERMINAL_ALIVE) != 0;
  }

  private static boolean isAlive(int bits) {
    return (bits & TERMINAL_ALIVE) != 0 || (bits & 0x7F) >= METERS_ALIVE;
  }

  /** `silence` = what the meters of a slot's areas add while nothing is reported; see {@link Feeder}. */
  double branchScore(int slot, FeederShape shape, double[] silence, Parameters p) {
    // The weight of reports from wrong places depends on all reports of the wave.
    if (strays[slot] > 0 || Double.isNaN(branchScores[slot])) branchScores[slot] = scoreOfBranch(slot, shape, silence, p);
    return branchScores[slot];
  }

  private double scoreOfBranch(int slot, FeederShape shape, double[] silence, Parameters p) {
    if (areasAlive[slot] >= p.aliveVeto) return Double.NEGATIVE_INFINITY;
    return p.lnPrior[Level.BRANCH]
        + silence[slot]
        + up[slot]
        + wrongPlaces(strays[slot], p)
        + terminals(terminalOff[slot], shape.branchTerminals[slot], terminalAlive[slot], p);
  }

  double feederScore(FeederShape shape, double[] silence, Parameters p) {
    double sum = p.lnPrior[Level.FEEDER];
    int off = 0;
    int live = 0;
    int areas = 0;
    int wrong = 0;
    for (int slot = 0; slot < up.length; slot++) {
      sum += silence[slot] + up[slot];
      wrong += strays[slot];
      off += terminalOff[slot];
      live += terminalAlive[slot];
      areas += areasAlive[slot];
    }
    if (areas >= p.aliveVeto) return Double.NEGATIVE_INFINITY;
    if (tripped) sum += Math.log(p.tripShare / p.phi);
    return sum + wrongPlaces(wrong, p) + terminals(off, shape.feederTerminals, live, p);
  }

  /** Beside many reports a few from elsewhere are no sign of something larger: some devices hang on another area than the archive says. */
  private double wrongPlaces(int strays, Parameters p) {
    return strays > 0 && strays * p.strayShare <= reports ? -strays * Math.log(p.strayPhi / p.phi) : 0;
  }

  private static double terminals(int off, int all, int live, Parameters p) {
    return p.terminals(off, all - live) + p.alive(live);
  }

  double branchValue(int slot, FeederShape shape, double[] silence, Parameters p) {
    double areas = clean(value[slot]);
    if (slot == shape.branches()) return areas;
    return Math.max(areas, branchScore(slot, shape, silence, p));
  }

  double branchesValue(FeederShape shape, double[] silence, Parameters p) {
    double sum = 0;
    for (int slot = 0; slot < value.length; slot++) sum += branchValue(slot, shape, silence, p);
    return sum;
  }

  double areasValue(int slot) {
    return clean(value[slot]);
  }

  /** Sums of many additions and subtractions come back to zero only nearly. */
  private static double clean(double sum) {
    return sum < AreaEvidence.TINY ? 0 : sum;
  }

  /** The search that a call belongs to, or null. */
  Search search(Call call) {
    for (Search search : searches) if (search.outageId.equals(call.outageId()) && search.areaId.equals(call.areaId()) && call.askedMs() >= search.sinceMs) return search;
    return null;
  }

  boolean finished() {
    for (Outage outage : outages) if (!outage.done()) return false;
    return true;
  }

  long dueMs(Parameters p) {
    long due = callDueMs;
    boolean waiting = false;
    for (Outage outage : outages) {
      if (outage.done()) continue;
      waiting = true;
      due = Math.min(due, outage.dueMs);
    }
    return waiting ? due : Math.min(due, purgeMs(p));
  }

  /** After this no report joins and no node changes any more. */
  long freezeMs(Parameters p) {
    return baseMs + p.verdictMs + 2 * p.joinMs;
  }

  long purgeMs(Parameters p) {
    return reports < STRAGGLERS_FROM ? freezeMs(p) + 60_000 : baseMs + p.stragglerMs + p.joinMs;
  }

  void sumsChanged() {
    sums = null;
  }

  void changed() {
    sums = null;
    decisions = null;
  }

  void write(ByteWriter out) {
    if (sums == null) sums = encoded(this::writeSums);
    if (decisions == null) decisions = encoded(this::writeDecisions);
    out.bytes(sums);
    out.bytes(decisions);
  }

  private static byte[] encoded(Consumer<ByteWriter> part) {
    ByteWriter own = new ByteWriter(256);
    part.accept(own);
    return own.toBytes();
  }

  private void writeSums(ByteWriter out) {
    out.uv(id);
    out.uv(baseMs);
    out.sv(firstMs - baseMs);
    out.uv(reports);
    int used = 0;
    for (int count : bins) if (count > 0) used++;
    out.uv(used);
    for (int bin = 0; bin < BINS; bin++) {
      if (bins[bin] == 0) continue;
      out.u8(bin);
      out.uv(bins[bin]);
    }
    out.uv(up.length);
    for (int slot = 0; slot < up.length; slot++) {
      out.f64(up[slot]);
      out.f64(value[slot]);
      out.uv(strays[slot]);
      out.uv(terminalOff[slot]);
      out.uv(terminalOn[slot]);
      out.uv(terminalAlive[slot]);
      out.uv(meterOff[slot]);
      out.uv(meterOn[slot]);
      out.uv(areasAlive[slot]);
      out.uv(momentary[slot]);
    }
    out.u8((tripped ? 1 : 0) | (watched ? 2 : 0) | (moved ? 4 : 0) | (unsettled ? 8 : 0));
    out.sv(topSignature);
    out.sv(signsFromMs - baseMs);
    int lively = 0;
    for (byte each : alive) if (each != 0) lively++;
    out.uv(lively);
    for (int area = 0; area < alive.length; area++) {
      if (alive[area] == 0) continue;
      out.uv(area);
      out.u8(alive[area]);
      out.sv(signMs[area] - baseMs);
    }
    out.uv(members.cardinality());
    for (int area = members.nextSetBit(0); area >= 0; area = members.nextSetBit(area + 1)) out.uv(area);
  }

  private void writeDecisions(ByteWriter out) {
    out.uv(outages.size());
    for (Outage outage : outages) outage.write(out);
    out.uv(calls.size());
    for (Call call : calls) {
      out.text(call.callId);
      out.text(call.deviceId);
      out.text(call.areaId);
      out.text(call.outageId);
      out.uv(call.askedMs);
    }
    out.sv(callDueMs == Long.MAX_VALUE ? -1 : callDueMs);
    out.uv(callsMade);
    out.uv(searches.size());
    for (Search search : searches) search.write(out);
  }

  static Wave read(ByteReader in, FeederShape shape, int layout) {
    int id = (int) in.uv();
    long baseMs = in.uv();
    Wave wave = new Wave(id, baseMs, baseMs + in.sv(), shape);
    wave.reports = (int) in.uv();
    for (int i = in.count(); i > 0; i--) {
      int bin = in.u8();
      wave.bins[bin] = (int) in.uv();
    }
    int slots = in.count();
    if (slots != wave.up.length) throw new IllegalStateException("damaged state: branches of feeder " + shape.feederId);
    for (int slot = 0; slot < slots; slot++) {
      wave.up[slot] = in.f64();
      wave.value[slot] = in.f64();
      if (layout >= 6) wave.strays[slot] = (int) in.uv();
      wave.terminalOff[slot] = (int) in.uv();
      wave.terminalOn[slot] = (int) in.uv();
      wave.terminalAlive[slot] = (int) in.uv();
      wave.meterOff[slot] = (int) in.uv();
      wave.meterOn[slot] = (int) in.uv();
      wave.areasAlive[slot] = (int) in.uv();
      wave.momentary[slot] = (int) in.uv();
    }
    int flags = in.u8();
    wave.tripped = (flags & 1) != 0;
    wave.watched = (flags & 2) != 0;
    wave.moved = (flags & 4) != 0;
    wave.unsettled = (flags & 8) != 0;
    wave.topSignature = (int) in.sv();
    if (layout >= 6) wave.signsFromMs = baseMs + in.sv();
    int lively = in.count();
    for (int i = 0; i < lively; i++) {
      int area = layout == 1 ? i : (int) in.uv();
      wave.alive[area] = (byte) in.u8();
      wave.signMs[area] = baseMs + (layout >= 6 ? in.sv() : BINS * BIN_MS / 2);
    }
    for (int i = in.count(); i > 0; i--) wave.members.set((int) in.uv());
    for (int i = in.count(); i > 0; i--) wave.outages.add(Outage.read(in, layout));
    for (int i = in.count(); i > 0; i--) wave.calls.add(new Call(in.text(), in.text(), in.text(), in.text(), in.uv()));
    long due = in.sv();
    wave.callDueMs = due < 0 ? Long.MAX_VALUE : due;
    wave.callsMade = (int) in.uv();
    if (layout >= 4) for (int i = in.count(); i > 0; i--) wave.searches.add(Search.read(in));
    return wave;
  }
}
