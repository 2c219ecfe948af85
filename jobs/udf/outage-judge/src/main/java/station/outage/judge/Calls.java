package station.outage.judge;

import java.util.ArrayList;
import java.util.List;

/**
 * Which devices to ask, and what the answers allow (R12; docs/domain.md 3.10, 4): up to three inside a suspect, two outside, one open
 * call per terminal, none before a reclosing is over. Calls are issued at instants of a fixed grid only.
 */
final class Calls {
  private static final int INSIDE = 3;
  private static final int OUTSIDE = 2;
  private static final int PER_WAVE = 30;

  private final Feeder feeder;
  private final Parameters p;

  Calls(Feeder feeder) {
    this.feeder = feeder;
    this.p = feeder.p;
  }

  /** There is something to ask: plan at the next instant of the grid at which answers count. */
  void wanted(Wave wave, long now) {
    if (!p.calls) return;
    long from = Long.MAX_VALUE;
    for (Outage outage : wave.outages) if (open(outage, now)) from = Math.min(from, Math.max(now + 1, outage.startMs + p.recloseMs));
    if (from == Long.MAX_VALUE) return;
    wave.callDueMs = Math.min(wave.callDueMs, onGrid(from));
    feeder.touchUpper();
  }

  private long onGrid(long fromMs) {
    return (fromMs + p.callGridMs - 1) / p.callGridMs * p.callGridMs;
  }

  private boolean open(Outage outage, long now) {
    return outage.state == Outage.SUSPECT && outage.asked < p.callsPerOutage && now < outage.verdictMs(p);
  }

  void plan(Wave wave, List<Candidate> candidates, long at) {
    wave.callDueMs = Long.MAX_VALUE;
    wave.calls.removeIf(call -> at - call.askedMs() >= p.callTimeoutMs);
    long next = Long.MAX_VALUE;
    for (Outage outage : wave.outages) {
      if (!open(outage, at)) continue;
      if (outage.startMs + p.recloseMs > at) {
        next = Math.min(next, outage.startMs + p.recloseMs);
        continue;
      }
      for (Candidate candidate : candidates) if (candidate.sameAs(outage)) ask(wave, outage, candidate, at);
    }
    for (Wave.Call call : wave.calls) next = Math.min(next, call.askedMs() + p.callTimeoutMs);
    if (next != Long.MAX_VALUE) wave.callDueMs = onGrid(Math.max(at + 1, next));
    feeder.touchUpper();
  }

  void answered(Wave wave, long now) {
    wanted(wave, now);
  }

  private void ask(Wave wave, Outage outage, Candidate candidate, long at) {
    List<String[]> targets = new ArrayList<>();
    if (candidate.evidence == null) aboveAreas(wave, candidate, targets);
    else if (candidate.variant == AreaEvidence.LONE) lone(wave, candidate, targets);
    else if (candidate.level == Level.AREA && candidate.variant == 0) area(wave, candidate, targets);
    else inside(wave, candidate, targets);
    for (String[] target : targets) {
      if (outage.asked >= p.callsPerOutage || wave.callsMade >= PER_WAVE) return;
      if (busy(target[1], target[0])) continue;
      String callId = feeder.id + "-" + wave.id + "-" + Integer.toString(++wave.callsMade, 36) + "-" + Long.toString(at / 1000, 36);
      wave.calls.add(new Wave.Call(callId, target[0], target[1], outage.id, at));
      outage.asked++;
      feeder.out.call(callId, target[0], outage.id, at);
    }
  }

  /** One open call per terminal, over all waves of the feeder. */
  private boolean busy(String areaId, String deviceId) {
    for (Wave wave : feeder.upper().waves) {
      for (Wave.Call call : wave.calls) if (call.areaId().equals(areaId) || call.deviceId().equals(deviceId)) return true;
    }
    return false;
  }

  // ---- whom to ask --------------------------------------------------------------------------------------------------

  /** A lone silent user: itself up to three times, then one beside it and one further out. */
  private void lone(Wave wave, Candidate candidate, List<String[]> targets) {
    AreaEvidence evidence = candidate.evidence;
    Device device = evidence.find(candidate.nodeId);
    if (device == null) return;
    String areaId = candidate.areaId;
    if (device.pingFail < INSIDE || device.pingFail < INSIDE + 1 && !candidate.weak && candidate.probability() < p.finalProbability) targets.add(new String[] {device.id, areaId});
    if (device.pingFail == 0) return;
    beside(evidence, device.node, device.id, areaId, targets);
  }

  /** Devices near a node that should live if the node alone is dark; climbs while there is nobody. */
  private void beside(AreaEvidence evidence, int node, String except, String areaId, List<String[]> targets) {
    AreaShape shape = evidence.shape;
    // Siblings on the node itself first (other meters of the box), then other boxes of the line, then other lines.
    int inner = except == null ? node : -1;
    for (int at = except == null ? shape.parent[node] : node; at >= 0; at = shape.parent[at]) {
      int live = 0;
      int tried = 0;
      String free = null;
      for (String id : devicesUnder(shape, at, inner)) {
        if (id.equals(except)) continue;
        Device known = evidence.find(id);
        if (known != null && known.live()) live++;
        else if (known != null && known.reported()) continue;
        else if (known != null && known.pingFail > 0) {
          tried += known.pingFail;
          if (free == null && known.pingFail < 2) free = id;
        } else if (free == null || evidence.find(free) != null) free = id;
      }
      if (live > 0) return;
      if (free != null && tried < OUTSIDE) {
        targets.add(new String[] {free, areaId});
        return;
      }
      if (tried >= OUTSIDE && shape.terminalId != null && (evidence.terminal == null || evidence.terminal.state == Device.QUIET && evidence.terminal.pingFail + evidence.terminal.pingOk == 0)) {
        // Nobody answers: is the terminal on line at all?
        targets.add(new String[] {shape.terminalId, areaId});
        return;
      }
      inner = at;
    }
  }

  private static List<String> devicesUnder(AreaShape shape, int node, int except) {
    List<String> devices = new ArrayList<>();
    gather(shape, node, except, devices);
    return devices;
  }

  private static void gather(AreaShape shape, int node, int except, List<String> devices) {
    if (node == except) return;
    for (String id : shape.callable[node]) devices.add(id);
    for (int child : shape.children[node]) gather(shape, child, except, devices);
  }

  /**
   * A box, a line, or one phase of a node: a reported device, then silent ones, then again whoever was asked least; and one outside.
   * A small node has few devices to ask, so each of them is asked more than once.
   */
  private void inside(Wave wave, Candidate candidate, List<String[]> targets) {
    AreaEvidence evidence = candidate.evidence;
    AreaShape shape = evidence.shape;
    int fails = 0;
    String best = null;
    int bestRank = Integer.MAX_VALUE;
    List<String> devices = devicesUnder(shape, candidate.root.node(), -1);
    for (Device device : evidence.meters()) {
      if (device.isTerminal() || !evidence.explains(candidate.root, device)) continue;
      fails += device.pingFail;
      if (device.state == Device.OFF) devices.add(device.id);
    }
    for (String id : devices) {
      Device known = evidence.find(id);
      if (known != null && (known.live() || candidate.variant > 0 && known.phase != candidate.variant - 1)) continue;
      if (known == null && candidate.variant > 0) continue;
      int times = known == null ? 0 : known.pingFail;
      boolean reported = known != null && known.state == Device.OFF;
      // The first call goes to one that reported, the second to one that did not: it tells most about the depth.
      int rank = times * 4 + (reported == (fails == 0) ? 0 : 1);
      if (times < INSIDE && rank < bestRank) {
        best = id;
        bestRank = rank;
      }
    }
    boolean small = candidate.off <= 2 || candidate.evidence.expectedUnder(candidate.root) <= 3;
    if (best != null && fails < (small ? 2 * INSIDE : INSIDE) && (fails < 2 || candidate.probability() < p.confirmProbability)) targets.add(new String[] {best, candidate.areaId});
    beside(evidence, candidate.root.node(), null, candidate.areaId, targets);
  }

  /** An area: its terminal twice; a neighbour's terminal. */
  private void area(Wave wave, Candidate candidate, List<String[]> targets) {
    AreaEvidence evidence = candidate.evidence;
    String terminalId = evidence.shape.terminalId;
    Device terminal = evidence.terminal;
    if (terminalId != null && (terminal == null || terminal.pingFail < (candidate.probability() < p.confirmProbability ? INSIDE + 1 : 2) && !terminal.live())) targets.add(new String[] {terminalId, candidate.areaId});
    if (terminalId != null && (terminal == null || terminal.pingFail == 0)) return;
    int own = feeder.shape().area(candidate.areaId);
    neighbour(wave, feeder.shape().areaBranch[own], own, targets);
  }

  /** A branch or the feeder: terminals that reported, then silent ones; outside a branch another terminal of the feeder. */
  private void aboveAreas(Wave wave, Candidate candidate, List<String[]> targets) {
    FeederShape shape = feeder.shape();
    int slot = candidate.level == Level.BRANCH ? shape.branch(candidate.nodeId) : -1;
    int fails = 0;
    int silentFails = 0;
    List<String[]> reported = new ArrayList<>();
    List<String[]> silent = new ArrayList<>();
    for (int area = 0; area < shape.areas(); area++) {
      if (slot >= 0 && shape.areaBranch[area] != slot || shape.terminals[area] == null || wave.isTerminalAlive(area)) continue;
      AreaEvidence evidence = wave.members.get(area) ? feeder.evidenceOrNull(wave, shape.areaIds[area]) : null;
      Device terminal = evidence == null ? null : evidence.terminal;
      if (terminal != null && terminal.pingFail > 0) {
        if (terminal.reported()) fails++;
        else silentFails++;
      } else if (terminal != null && terminal.state == Device.OFF) reported.add(new String[] {shape.terminals[area], shape.areaIds[area]});
      else if (terminal == null || terminal.state == Device.QUIET) silent.add(new String[] {shape.terminals[area], shape.areaIds[area]});
    }
    for (int i = 0; i < reported.size() && fails + i < OUTSIDE; i++) targets.add(reported.get(i));
    for (int i = 0; i < silent.size() && silentFails + i < INSIDE; i++) targets.add(silent.get(i));
    if (slot >= 0) neighbour(wave, -1, -slot - 2, targets);
  }

  /**
   * A terminal that should live: of another area of the slot, else of another slot. `except` &gt;= 0 leaves out an area, &lt;= -2 the slot
   * -except - 2.
   */
  private void neighbour(Wave wave, int slot, int except, List<String[]> targets) {
    FeederShape shape = feeder.shape();
    for (int round = 0; round < 2; round++) {
      int tried = 0;
      for (int area = 0; area < shape.areas(); area++) {
        boolean same = slot >= 0 && shape.areaBranch[area] == slot;
        if (round == 0 && slot >= 0 != same || area == except || shape.areaBranch[area] == -except - 2 || shape.terminals[area] == null) continue;
        if (wave.isAreaAlive(area)) return;
        AreaEvidence evidence = wave.members.get(area) ? feeder.evidenceOrNull(wave, shape.areaIds[area]) : null;
        Device terminal = evidence == null ? null : evidence.terminal;
        if (terminal != null && terminal.state != Device.QUIET) continue;
        if (terminal != null && terminal.pingFail > 0) {
          if (++tried >= OUTSIDE) break;
          continue;
        }
        targets.add(new String[] {shape.terminals[area], shape.areaIds[area]});
        return;
      }
      if (slot < 0) return;
      slot = -1;
    }
  }

  // ---- what answers allow -------------------------------------------------------------------------------------------

  /** Calls have settled a candidate before reports alone may: dark inside, live outside, after any reclosing. */
  boolean decisive(Wave wave, Candidate candidate, long now) {
    if (!p.calls || now < candidate.startMs + p.recloseMs) return false;
    if (candidate.evidence == null) {
      FeederShape shape = feeder.shape();
      int slot = candidate.level == Level.BRANCH ? shape.branch(candidate.nodeId) : -1;
      int fails = 0;
      boolean live = slot < 0;
      for (int area = 0; area < shape.areas(); area++) {
        boolean within = slot < 0 || shape.areaBranch[area] == slot;
        if (!within) live |= wave.isAreaAlive(area);
        else if (wave.members.get(area)) {
          AreaEvidence evidence = feeder.evidenceOrNull(wave, shape.areaIds[area]);
          if (evidence != null && evidence.terminal != null && evidence.terminal.pingFail > 0) fails++;
        }
      }
      return live && fails >= 2;
    }
    int fails = candidate.evidence.failsUnder(candidate.root);
    if (candidate.level == Level.AREA && candidate.variant == 0) return fails >= 2 && liveElsewhere(wave, candidate);
    return fails >= 2 && candidate.evidence.livesOutside(candidate.root);
  }

  private boolean liveElsewhere(Wave wave, Candidate candidate) {
    FeederShape shape = feeder.shape();
    int own = shape.area(candidate.areaId);
    for (int area = 0; area < shape.areas(); area++) if (area != own && wave.isAreaAlive(area)) return true;
    return shape.areas() == 1;
  }
}
