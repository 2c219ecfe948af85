package station.outage.judge;

import java.util.ArrayList;
import java.util.List;

/**
 * Which devices to ask, and what the answers allow (R12; docs/domain.md 3.10, 4): up to three inside a suspect, two outside, one open
 * call per terminal, none before a reclosing is over. Calls are issued at instants of a fixed grid only.
 */
final class Calls {
  private static final int INSIDE = AreaCalls.INSIDE;
  private static final int OUTSIDE = AreaCalls.OUTSIDE;
  private static final int PER_WAVE = 30;

  private final Feeder feeder;
  private final Parameters p;
  private final AreaCalls within;
  private final Nested nested;

  Calls(Feeder feeder, Nested nested) {
    this.feeder = feeder;
    this.nested = nested;
    this.p = feeder.p;
    this.within = new AreaCalls(p);
  }

  /** There is something to ask: plan at the next instant of the grid at which answers count. */
  void wanted(Wave wave, long now) {
    if (!p.calls) return;
    long from = Long.MAX_VALUE;
    for (Outage outage : wave.outages) if (open(outage, now)) from = Math.min(from, Math.max(now + 1, fromMs(outage)));
    if (!wave.searches.isEmpty()) for (Search search : wave.searches) if (!busy(search.areaId, null) && nested.target(wave, search, now) != null) from = Math.min(from, now + 1);
    if (from == Long.MAX_VALUE) return;
    wave.callDueMs = Math.min(wave.callDueMs, onGrid(from));
    feeder.touchUpper();
  }

  /** No answer counts while a reclosing may last; above the box the first arrival tells how far a clock was behind. */
  private long fromMs(Outage outage) {
    long startMs = outage.level >= Level.BOX ? outage.startMs : Math.max(outage.startMs, outage.firstMs - p.leastDelayMs);
    return startMs + p.recloseMs;
  }

  private long onGrid(long fromMs) {
    return (fromMs + p.callGridMs - 1) / p.callGridMs * p.callGridMs;
  }

  private boolean open(Outage outage, long now) {
    return outage.state == Outage.SUSPECT && outage.asked < p.callsPerOutage && now < outage.verdictMs(p);
  }

  void plan(Wave wave, Explanation explanation, long at) {
    wave.callDueMs = Long.MAX_VALUE;
    wave.calls.removeIf(call -> at - call.askedMs() >= p.callTimeoutMs);
    long next = Long.MAX_VALUE;
    for (Outage outage : wave.outages) {
      if (!open(outage, at)) continue;
      if (fromMs(outage) > at) {
        next = Math.min(next, fromMs(outage));
        continue;
      }
      Candidate candidate = explanation.of(wave, outage);
      if (candidate != null) ask(wave, outage, candidate, at);
      if (outage.askedMs != 0 && at < outage.askedMs + p.callSpreadMs) next = Math.min(next, outage.askedMs + p.callSpreadMs);
    }
    for (Search search : wave.searches) search(wave, search, at);
    for (Wave.Call call : wave.calls) next = Math.min(next, call.askedMs() + p.callTimeoutMs);
    if (next != Long.MAX_VALUE) wave.callDueMs = onGrid(Math.max(at + 1, next));
    feeder.touchUpper();
  }

  void answered(Wave wave, long now) {
    wanted(wave, now);
  }

  private void ask(Wave wave, Outage outage, Candidate candidate, long at) {
    for (String[] target : targets(wave, outage, candidate, at)) {
      if (outage.asked >= p.callsPerOutage || wave.callsMade >= PER_WAVE) return;
      if (busy(target[1], target[0])) continue;
      String callId = feeder.id + "-" + wave.id + "-" + Integer.toString(++wave.callsMade, 36) + "-" + Long.toString(at / 1000, 36);
      wave.calls.add(new Wave.Call(callId, target[0], target[1], outage.id, at));
      outage.asked++;
      if (outage.askedMs == 0) outage.askedMs = at;
      feeder.out.call(callId, target[0], outage.id, at);
    }
  }

  private void search(Wave wave, Search search, long at) {
    String device = busy(search.areaId, null) ? null : nested.target(wave, search, at);
    if (device == null) return;
    search.asked++;
    String callId = feeder.id + "-" + wave.id + "-n" + Integer.toString(search.asked, 36) + "-" + search.areaId + "-" + Long.toString(at / 1000, 36);
    wave.calls.add(new Wave.Call(callId, device, search.areaId, search.outageId, at));
    feeder.out.call(callId, device, search.outageId, at);
  }

  /** Whom to ask next about a suspect: pairs of device and area, the most telling first. */
  private List<String[]> targets(Wave wave, Outage outage, Candidate candidate, long at) {
    List<String[]> targets = new ArrayList<>();
    boolean spread = outage.askedMs != 0 && at >= outage.askedMs + p.callSpreadMs;
    if (candidate.evidence == null) aboveAreas(wave, candidate, targets);
    else if (candidate.variant != AreaEvidence.LONE && candidate.level == Level.AREA && candidate.variant == 0) area(wave, candidate, targets);
    else {
      List<String> devices = candidate.variant == AreaEvidence.LONE ? within.lone(candidate, spread) : within.inside(candidate, spread);
      for (String device : devices) targets.add(new String[] {device, candidate.areaId});
    }
    return targets;
  }

  /** Nothing more can be learned by asking: no answer is awaited and nobody is left. */
  boolean settled(Wave wave, Outage outage, Candidate candidate, long at) {
    if (!p.calls || outage.asked >= p.callsPerOutage || wave.callsMade >= PER_WAVE) return true;
    for (Wave.Call call : wave.calls) if (call.outageId().equals(outage.id)) return false;
    return targets(wave, outage, candidate, at).isEmpty();
  }

  /** One open call per terminal, over all waves of the feeder. */
  private boolean busy(String areaId, String deviceId) {
    for (Wave wave : feeder.upper().waves) {
      for (Wave.Call call : wave.calls) if (call.areaId().equals(areaId) || call.deviceId().equals(deviceId)) return true;
    }
    return false;
  }

  // ---- whom to ask --------------------------------------------------------------------------------------------------

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
          // A terminal that never reported may as well be off line.
          if (evidence != null && evidence.terminal != null && evidence.terminal.reported() && evidence.terminal.fails() > 0) fails++;
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
