package station.outage.judge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The evidence of one area within one wave, with the scores of docs/domain.md 3.7 kept up to date: a change of one device
 * recomputes its node and the nodes above, nothing else.
 */
public final class AreaEvidence {
  /** A node chosen as the root of a fault. Variant 0 = all phases, 1..3 = phase A..C alone, {@link #LONE} = one silent user. */
  public record Root(int node, int variant, String deviceId, double score) {}

  public static final int LONE = 4;
  static final double TINY = 1e-9;

  final AreaShape shape;
  final long baseMs;
  private final Parameters p;
  private final Map<String, Device> devices = new LinkedHashMap<>();
  Device terminal;
  /** What the upper tree counted for this area last; see {@link Wave}. */
  private int signature;
  private final DeviceRecords records;
  private List<Root> roots;

  private final int[][] off;
  private final int[][] live;
  private final int[][] vouched;
  private final int[][] fail;
  private final int[][] ok;
  final int[] offAll;
  final int[] onAll;
  final int[] liveAll;
  int shortMeters;
  /** Answers of all devices, so that nobody looks for them where there are none. */
  private int pings;
  private final double[] score;
  private final double[] value;
  private final double[] below;
  private final int[] variant;
  private final boolean[] touched;

  AreaEvidence(AreaShape shape, Parameters p, long baseMs) {
    this(shape, p, baseMs, new DeviceRecords(baseMs));
  }

  private AreaEvidence(AreaShape shape, Parameters p, long baseMs, DeviceRecords records) {
    int n = shape.size();
    this.shape = shape;
    this.p = p;
    this.baseMs = baseMs;
    this.records = records;
    off = new int[n][4];
    live = new int[n][4];
    vouched = new int[n][4];
    fail = new int[n][4];
    ok = new int[n][4];
    offAll = new int[n];
    onAll = new int[n];
    liveAll = new int[n];
    score = new double[n];
    value = new double[n];
    below = new double[n];
    variant = new int[n];
    touched = new boolean[n];
    for (int i = 0; i < n; i++) score[i] = Double.NEGATIVE_INFINITY;
  }

  int signature() {
    return signature;
  }

  void signature(int next) {
    signature = next;
  }

  Device find(String deviceId) {
    if (terminal != null && terminal.id.equals(deviceId)) return terminal;
    return devices.get(deviceId);
  }

  Collection<Device> meters() {
    return devices.values();
  }

  /** Adds a device or applies a change to it, and brings the scores up to date. */
  void change(Device device, Runnable mutation) {
    roots = null;
    if (device.isTerminal()) {
      if (terminal != null) pings -= terminal.pingOk + terminal.pingFail;
      mutation.run();
      records.put(device);
      terminal = device;
      pings += device.pingOk + device.pingFail;
      refresh(0);
      return;
    }
    boolean known = devices.containsKey(device.id);
    double before = known ? userValue(device) : 0;
    if (known) count(device, -1);
    else {
      device.node = shape.place(device.boxId, device.lineId);
      devices.put(device.id, device);
    }
    mutation.run();
    records.put(device);
    count(device, 1);
    below[device.node] += userValue(device) - before;
    refreshUp(device.node);
  }

  private void count(Device device, int sign) {
    int phase = device.phase;
    boolean reported = device.reported();
    boolean isLive = device.live();
    boolean vouches = device.vouches();
    if (device.state == Device.MOMENTARY) shortMeters += sign;
    pings += sign * (device.pingOk + device.pingFail);
    for (int node = device.node; node >= 0; node = shape.parent[node]) {
      if (reported) {
        off[node][phase] += sign;
        offAll[node] += sign;
      }
      if (device.state == Device.ON) onAll[node] += sign;
      if (isLive) {
        live[node][phase] += sign;
        liveAll[node] += sign;
      }
      if (vouches) vouched[node][phase] += sign;
      fail[node][phase] += sign * device.fails();
      ok[node][phase] += sign * device.pingOk;
    }
  }

  private void refreshUp(int node) {
    for (int at = node; at >= 0; at = shape.parent[at]) {
      double before = value[at];
      refresh(at);
      if (at > 0) below[shape.parent[at]] += value[at] - before;
    }
  }

  private void refresh(int node) {
    touched[node] = true;
    double best = scoreOf(node, 0);
    int chosen = 0;
    if (canFailByPhase(node)) {
      for (int v = 1; v <= 3; v++) {
        double s = scoreOf(node, v);
        if (s > best) {
          best = s;
          chosen = v;
        }
      }
    }
    score[node] = best;
    variant[node] = chosen;
    value[node] = Math.max(0, Math.max(best, below[node]));
  }

  private boolean canFailByPhase(int node) {
    int level = shape.level[node];
    return (level == Level.AREA || level == Level.BOX) && shape.threePhase(node);
  }

  /** s(n) of one hypothesis. */
  double scoreOf(int node, int v) {
    int level = shape.level[node];
    if (v == 0) {
      int alive = liveAll[node];
      int failed = fail[node][0] + fail[node][1] + fail[node][2] + fail[node][3];
      int answered = ok[node][0] + ok[node][1] + ok[node][2] + ok[node][3];
      double s = p.lnPrior[level] + p.meters(level, offAll[node], shape.expectedAll[node]);
      if (level == Level.AREA && shape.terminalId != null) {
        s += terminalTerm();
        if (terminal != null) {
          if (terminal.live()) alive++;
          failed += terminal.fails();
          answered += terminal.pingOk;
        }
      }
      if (vetoed(alive, offAll[node])) return Double.NEGATIVE_INFINITY;
      int signs = vouched[node][0] + vouched[node][1] + vouched[node][2] + vouched[node][3];
      return s + p.alive(signs) + p.pings(failed, answered);
    }
    int phase = v - 1;
    if (vetoed(live[node][phase], off[node][phase])) return Double.NEGATIVE_INFINITY;
    double share = level == Level.AREA ? p.onePhaseArea : p.onePhaseBox;
    return p.lnPrior[level]
        + Math.log(share / 3)
        + Scores.reports(p.meterA[Level.BOX], p.meterB[Level.BOX], off[node][phase], shape.expected[node][phase], p.phi)
        + p.alive(vouched[node][phase])
        + p.pings(fail[node][phase], ok[node][phase]);
  }

  /** R13; but where many report, a few live ones only hang on the wrong node of the archive (3 % of the meters do). */
  private boolean vetoed(int alive, int reported) {
    return alive >= p.aliveVeto && alive * p.aliveVetoShare >= reported;
  }

  /** OFF, silent or alive; a live terminal is not counted as silent besides. */
  private double terminalTerm() {
    if (terminal != null && terminal.reported()) {
      return terminal.weak ? Math.log(p.terminalA / (p.terminalA + p.terminalB) / p.weakTerminalPhi) : p.terminals(1, 1);
    }
    if (terminal != null && terminal.vouches()) return p.alive(1);
    if (terminal != null && terminal.live()) return 0;
    return p.terminals(0, 1);
  }

  private double userScore(Device device) {
    double s = p.lnPrior[Level.USER] + p.meters(Level.USER, device.reported() ? 1 : 0, 1) + p.pings(device.fails(), device.pingOk);
    return device.live() ? Double.NEGATIVE_INFINITY : s;
  }

  private double userValue(Device device) {
    if (!device.reported() && device.fails() == 0) return 0;
    return Math.max(0, userScore(device));
  }

  /** V of the whole area. */
  double areaValue() {
    return value[0];
  }

  double score(int node) {
    return score[node];
  }

  /** Something under the node, or of it, was counted. */
  boolean touched(int node) {
    return touched[node];
  }

  double value(int node) {
    return value[node];
  }

  double below(int node) {
    return below[node];
  }

  /** What the meters of this area add to the score of a fault of the feeder or of a branch. */
  double upperTerm() {
    int failed = fail[0][0] + fail[0][1] + fail[0][2] + fail[0][3];
    int answered = ok[0][0] + ok[0][1] + ok[0][2] + ok[0][3];
    if (terminal != null) {
      failed += terminal.fails();
      answered += terminal.pingOk;
    }
    return p.meters(Level.FEEDER, lives() ? 0 : offAll[0], shape.expectedAll[0]) + p.pings(failed, answered);
  }

  boolean terminalLives() {
    return terminal != null && terminal.live();
  }

  /** Shows too much life to be dark as a whole: its reports say nothing about what is above it. */
  boolean lives() {
    return vetoed(liveAll[0] + (terminalLives() ? 1 : 0), offAll[0]);
  }

  boolean terminalOff() {
    return terminal != null && terminal.reported() && !terminal.weak;
  }

  /** A few reports that the area itself gives no reason for: their devices may hang on another area. */
  int strays() {
    return offAll[0] <= p.straysMost && !terminalOff() && value[0] <= TINY ? offAll[0] : 0;
  }

  /** Signs of life up to an instant say nothing about what began after it. True when there were any. */
  boolean forgetSigns(long untilMs) {
    if (liveAll[0] == 0 && !terminalLives()) return false;
    List<Device> early = new ArrayList<>();
    if (terminal != null && terminal.livedUntil(untilMs)) early.add(terminal);
    for (Device device : devices.values()) if (device.livedUntil(untilMs)) early.add(device);
    for (Device device : early) change(device, device::forgetLife);
    return !early.isEmpty();
  }

  /** The disjoint roots that explain this area best. */
  List<Root> roots() {
    if (roots == null) {
      List<Root> found = new ArrayList<>(2);
      if (value[0] > TINY) collect(0, found);
      roots = found;
    }
    return roots;
  }

  private void collect(int node, List<Root> found) {
    if (score[node] > TINY && score[node] >= below[node] - TINY) {
      found.add(new Root(node, variant[node], null, score[node]));
      return;
    }
    double inChildren = 0;
    for (int child : shape.children[node]) {
      if (value[child] > TINY) {
        inChildren += value[child];
        collect(child, found);
      }
    }
    if (below[node] > inChildren + TINY) {
      for (Device device : devices.values()) {
        if (device.node == node && userValue(device) > TINY) found.add(new Root(node, LONE, device.id, userValue(device)));
      }
    }
  }

  /** Where nothing is a root: the terminal reports by itself. A question of whether anybody behind it still lives. */
  boolean terminalAlone() {
    return terminal != null && terminal.state == Device.OFF && roots().isEmpty();
  }

  /** Where nothing is a root: the few meters that report by themselves. Worth a question, never an outage without one; of more, none. */
  List<Device> loneReports() {
    List<Device> lone = new ArrayList<>();
    if (offAll[0] == 0 || !roots().isEmpty()) return lone;
    for (Device device : devices.values()) if (device.state == Device.OFF) lone.add(device);
    return lone.size() <= p.loneMost ? lone : List.of();
  }

  /** The root that an outage names in this area, or null when the archive has it no more. */
  Root rootOf(Outage outage) {
    int node = shape.find(outage.rootId);
    return node < 0 ? null : new Root(node, outage.variant, outage.variant == LONE ? outage.nodeId : null, 0);
  }

  boolean explains(Root root, Device device) {
    if (root.node == 0 && root.variant == 0) return true;
    if (root.variant == LONE) return device.id.equals(root.deviceId);
    if (device.isTerminal()) return root.node == 0 && root.variant == 0;
    if (!shape.covers(root.node, device.node)) return false;
    return root.variant == 0 || device.phase == root.variant - 1;
  }

  /**
   * How much worse the next best explanation inside the area is; nodes with the same meters are the same explanation.
   *
   * @param quietMs how long signs of life have been missing although they would be seen; 0 when unknown
   */
  double margin(Root root, long quietMs) {
    double quiet = -silenceOfTheLiving(quietMs);
    boolean wholeArea = root.node == 0 && root.variant == 0;
    double dark = wholeArea ? root.score + quiet : root.score;
    double margin = dark;
    int node = root.node;
    if (root.variant == LONE) {
      // A user against its box and above.
      Device device = devices.get(root.deviceId);
      for (int at = node; at >= 0; at = shape.parent[at]) {
        if (shape.users[at] > 1) margin = Math.min(margin, value[at] - score[at]);
      }
      return Math.min(margin, device == null ? 0 : userScore(device)) - unsure();
    }
    for (int v = 0; v <= 3; v++) {
      if (v == root.variant || v > 0 && !canFailByPhase(node)) continue;
      margin = Math.min(margin, dark - scoreOf(node, v));
    }
    if (shape.users[node] > 1) margin = Math.min(margin, dark - splitValue(node));
    for (int at = shape.parent[node]; at >= 0; at = shape.parent[at]) {
      if (shape.users[at] == shape.users[node] && root.variant == 0 && variant[at] == 0) continue;
      margin = Math.min(margin, value[at] - score[at]);
    }
    if (!wholeArea || !terminalOff()) margin = Math.min(margin, value[0] - burstScore() + quiet);
    return wholeArea && terminalOff() ? margin : margin - unsure();
  }

  /**
   * Calls that fail all together may only mean that the terminal is off line (2 % are): as long as nobody behind it has shown
   * life, they are not independent.
   */
  double unsure() {
    if (liveAll[0] > 0 || terminalLives()) return 0;
    int fails = terminal == null ? 0 : terminal.fails();
    for (int phase = 0; phase < 4; phase++) fails += fail[0][phase];
    return Math.max(0, p.pings(fails, 0) + Math.log(p.terminalOffLine));
  }

  /** The best explanation strictly below a node: a child that holds all its meters is the node itself. */
  private double splitValue(int node) {
    for (int child : shape.children[node]) {
      if (shape.users[child] == shape.users[node]) return shape.users[child] > 1 ? splitValue(child) : 0;
    }
    return below[node];
  }

  /**
   * The root's score if reports beside a larger fault were mostly wrong places in the archive rather than false. A device in the wrong
   * place is as dark as one in the right place: its failed calls tell nothing between the two.
   */
  double scoreAsStray(Root root) {
    int fails = 0;
    if (pings > 0) for (Device device : devices.values()) if (device.fails() > 0 && device.reported() && explains(root, device)) fails += device.fails();
    return root.score - reportsUnder(root, false) * Math.log(p.strayPhi / p.phi) - p.pings(fails, 0);
  }

  /** Logarithm of the chance that nobody was heard for so long in an area that has supply. */
  private double silenceOfTheLiving(long quietMs) {
    if (quietMs <= 0 || liveAll[0] > 0 || terminal != null && terminal.live()) return 0;
    double terminalSilent = Math.max(0.05, 1 - (double) quietMs / p.heartbeatMs);
    return (shape.terminalId == null ? 0 : Math.log(terminalSilent)) - p.aliveShare * quietMs / 60_000 * shape.expectedAll[0];
  }

  double burstScore() {
    if (offAll[0] < p.burstLeast || offAll[0] > p.burstMost) return Double.NEGATIVE_INFINITY;
    double rate = p.burstsPerYear / (365.0 * 24 * 12);
    if (rate <= 0) return Double.NEGATIVE_INFINITY;
    return Math.log(rate) + Scores.burst(offAll[0], shape.expectedAll[0], p.burstLeast, p.burstMost, p.phi);
  }

  /** Reports under a root: how many, and how many of them have supply again. */
  int reportsUnder(Root root, boolean restored) {
    if (root.variant == 0) return restored ? onAll[root.node] : offAll[root.node];
    if (root.variant == LONE) {
      Device device = devices.get(root.deviceId);
      return device != null && device.reported() && (!restored || device.state == Device.ON) ? 1 : 0;
    }
    if (!restored) return off[root.node][root.variant - 1];
    int count = 0;
    for (Device device : devices.values()) if (explains(root, device) && device.reported() && (!restored || device.state == Device.ON)) count++;
    return count;
  }

  /** Devices that have said anything about an interruption. */
  int reporters() {
    return offAll[0] + shortMeters + (terminal != null && terminal.state != Device.QUIET ? 1 : 0);
  }

  /** Answers of all devices of the area. */
  int pings() {
    return pings;
  }

  int pingsUnder(Root root) {
    if (pings == 0) return 0;
    int count = 0;
    for (Device device : devices.values()) if (explains(root, device)) count += device.pingFail + device.pingOk;
    if (terminal != null && explains(root, terminal)) count += terminal.pingFail + terminal.pingOk;
    return count;
  }

  int failsUnder(Root root) {
    if (pings == 0) return 0;
    int count = 0;
    for (Device device : devices.values()) if (device.fails() > 0 && explains(root, device)) count += device.fails();
    if (terminal != null && explains(root, terminal)) count += terminal.fails();
    return count;
  }

  /** Somebody in the area that the root does not explain has supply. */
  boolean livesOutside(Root root) {
    if (terminalLives()) return true;
    for (Device device : devices.values()) if (device.live() && !explains(root, device)) return true;
    return false;
  }

  int expectedUnder(Root root) {
    if (root.variant == LONE) return 1;
    return root.variant == 0 ? shape.expectedAll[root.node] : shape.expected[root.node][root.variant - 1];
  }

  int liveUnder(Root root) {
    if (root.variant == LONE) return 0;
    return root.variant == 0 ? liveAll[root.node] : live[root.node][root.variant - 1];
  }

  /** The area saw a reclosing: its reports without an ON are explained by it too. */
  boolean momentary() {
    if (terminal != null && (terminal.state == Device.MOMENTARY || terminal.state == Device.REFUTED)) return true;
    return shortMeters >= 2 && shortMeters * 5 >= offAll[0];
  }

  void write(ByteWriter out) {
    out.sv(baseMs);
    out.sv(signature);
    records.write(out);
  }

  /** `layout` of the area's blob, see {@link AreaState}. */
  static AreaEvidence read(ByteReader in, AreaShape shape, Parameters p, int layout) {
    AreaEvidence evidence = new AreaEvidence(shape, p, in.sv());
    evidence.signature = (int) in.sv();
    for (int i = in.count(); i > 0; i--) {
      Device device = layout == 1 ? Device.readLayout1(in, evidence.baseMs) : DeviceRecords.read(in, evidence.baseMs);
      evidence.change(device, () -> {});
    }
    return evidence;
  }

  /** The same evidence under another version of the archive. */
  AreaEvidence under(AreaShape newer) {
    AreaEvidence moved = new AreaEvidence(newer, p, baseMs, records);
    if (terminal != null) moved.change(terminal, () -> {});
    for (Device device : devices.values()) moved.change(device, () -> {});
    return moved;
  }
}
