package station.outage.judge;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** From scores to published outages: naming, waiting, confirming, restoring, closing (docs/domain.md 3.5 life cycle, 3.10). */
final class Verdicts {
  private static final long RETRY_MS = 15_000;
  private static final int EVERYWHERE = -1;

  private final Feeder feeder;
  private final Parameters p;
  private final Explanation explanation;
  private final Places places;
  private final Calls calls;
  private final Nested nested;
  private final Restorations restorations;

  Verdicts(Feeder feeder, Places places) {
    this.feeder = feeder;
    this.p = feeder.p;
    this.places = places;
    this.explanation = new Explanation(feeder);
    this.nested = new Nested(feeder);
    this.calls = new Calls(feeder, nested);
    this.restorations = new Restorations(feeder, calls, nested);
  }

  // ---- after an event -----------------------------------------------------------------------------------------------

  /** The evidence of one area changed. Only when the best explanation of that area changed is the wave looked at. */
  void changed(Wave wave, int area, long now) {
    if (now > wave.freezeMs(p)) return;
    AreaEvidence evidence = feeder.evidenceOrNull(wave, feeder.shape().areaIds[area]);
    if (evidence == null) return;
    int top = explanation.topSignature(wave);
    int signature = explanation.signature(wave, area, evidence);
    if (signature == evidence.signature() && top == wave.topSignature) return;
    boolean inArea = top == wave.topSignature;
    evidence.signature(signature);
    wave.topSignature = top;
    reconcile(wave, inArea ? area : EVERYWHERE, now);
  }

  /** Something above the areas changed. */
  void changedAbove(Wave wave, long now) {
    if (now > wave.freezeMs(p)) return;
    int top = explanation.topSignature(wave);
    if (top == wave.topSignature) return;
    wave.topSignature = top;
    reconcile(wave, EVERYWHERE, now);
  }

  // ---- explanation -> outages ---------------------------------------------------------------------------------------

  /** Outages follow the explanation: in one area, or {@link #EVERYWHERE}. */
  private void reconcile(Wave wave, int only, long now) {
    feeder.touchUpper();
    if (wave.momentaryAreas() >= 2) {
      for (Outage outage : wave.outages) if (outage.state == Outage.SUSPECT && !outage.weak) finish(outage, Outage.MOMENTARY, now);
      return;
    }
    boolean everywhere = only == EVERYWHERE || wave.unsettled || openAbove(wave, now);
    String areaId = everywhere ? null : feeder.shape().areaIds[only];
    List<Candidate> candidates = everywhere ? explanation.all(wave) : explanation.over(wave, only);
    wave.unsettled = false;
    List<Outage> free = new ArrayList<>();
    List<Outage> settled = new ArrayList<>();
    for (Outage outage : wave.outages) {
      if (outage.state == Outage.MERGED || outage.state == Outage.MAINTENANCE) continue;
      if (!everywhere && outage.areaId != null && !outage.areaId.equals(areaId)) continue;
      if (undecided(outage, now)) free.add(outage);
      else settled.add(outage);
    }
    candidates.removeIf(
        candidate -> {
          for (Outage outage : settled) {
            if (outage.done() ? candidate.sameAs(outage) : places.covers(outage, candidate) || places.covers(candidate, outage)) return true;
          }
          return momentary(wave, candidate);
        });
    List<Candidate> open = new ArrayList<>(candidates);
    for (Candidate candidate : candidates) {
      for (Outage outage : free) {
        if (!candidate.sameAs(outage)) continue;
        if (outage.weak && !candidate.weak) outage.weak = false;
        free.remove(outage);
        open.remove(candidate);
        break;
      }
    }
    open.sort(Comparator.comparing((Candidate c) -> c.weak).thenComparing(c -> -c.score).thenComparing(c -> c.nodeId));
    for (Candidate candidate : open) {
      Outage heir = null;
      for (Outage outage : free) {
        if ((places.covers(outage, candidate) || places.covers(candidate, outage)) && (heir == null || rank(outage) < rank(heir))) heir = outage;
      }
      candidate.measure(feeder, wave);
      if (heir == null) {
        open(wave, candidate, now);
        continue;
      }
      if (heir.state == Outage.CONFIRMED && (candidate.weak || !confirmable(wave, heir, candidate, now))) {
        wave.unsettled = true;
        continue;
      }
      free.remove(heir);
      adopt(heir, candidate);
      if (heir.state == Outage.CONFIRMED) heir.confirmedMs = now;
      schedule(heir, now);
      feeder.publish(heir, now);
      for (Outage other : List.copyOf(free)) {
        if (!places.covers(candidate, other)) continue;
        free.remove(other);
        finish(other, Outage.MERGED, now);
      }
    }
    calls.wanted(wave, now);
  }

  private boolean undecided(Outage outage, long now) {
    return outage.open() && (outage.state == Outage.SUSPECT || now < outage.verdictMs(p));
  }

  /** Something above the areas is still open: what changes in one area concerns it too. */
  private boolean openAbove(Wave wave, long now) {
    for (Outage outage : wave.outages) if (outage.areaId == null && undecided(outage, now)) return true;
    return false;
  }

  /** The confirmed and the older part keep the identity. */
  private static long rank(Outage outage) {
    return (outage.state == Outage.CONFIRMED ? 0 : 1_000_000) + (outage.weak ? 500_000 : 0) + Integer.parseInt(outage.id.substring(outage.id.lastIndexOf('-') + 1), 36);
  }

  private void open(Wave wave, Candidate candidate, long now) {
    Outage outage = new Outage("o-" + feeder.id + "-" + Long.toString(wave.firstMs / 1000, 36) + "-" + Integer.toString(feeder.header.nextOutage++, 36));
    feeder.touchHeader();
    adopt(outage, candidate);
    wave.outages.add(outage);
    schedule(outage, now);
    feeder.publish(outage, now);
    if (!wave.watched && outage.terminalOff) {
      wave.watched = true;
      for (String areaId : feeder.shape().areaIds) feeder.out.watch(areaId, now + p.watchMs, now);
    }
  }

  private void adopt(Outage outage, Candidate candidate) {
    outage.level = candidate.level;
    outage.nodeId = candidate.nodeId;
    outage.variant = candidate.variant;
    outage.areaId = candidate.areaId;
    outage.rootId = candidate.rootId;
    outage.branchId = candidate.branchId;
    outage.weak = candidate.weak;
    refresh(outage, candidate);
  }

  private static void refresh(Outage outage, Candidate candidate) {
    outage.startMs = candidate.startMs;
    outage.firstMs = candidate.firstMs;
    outage.probability = candidate.probability();
    outage.off = candidate.off;
    outage.expected = candidate.expected;
    outage.alive = candidate.alive;
    outage.terminalOff = candidate.terminalOff;
    outage.pings = candidate.pings;
    outage.users = candidate.users;
  }

  private void schedule(Outage outage, long now) {
    if (outage.state == Outage.CONFIRMED) {
      outage.dueMs = outage.startMs + p.longestOutageMs;
      return;
    }
    long earliest = outage.weak ? outage.verdictMs(p) : outage.earliestMs(p);
    outage.dueMs = Math.max(now + 1, earliest);
  }

  private void finish(Outage outage, int state, long now) {
    outage.state = state;
    feeder.publish(outage, now);
  }

  private boolean momentary(Wave wave, Candidate candidate) {
    int areas = wave.momentaryAreas();
    if (areas >= 2) return true;
    if (candidate.evidence != null && candidate.evidence.failsUnder(candidate.root) >= 2) return false;
    if (candidate.evidence == null) return candidate.level == Level.FEEDER ? areas > 0 : wave.momentary[feeder.shape().branch(candidate.nodeId)] > 0;
    return candidate.evidence.momentary() || areas > 0 && !candidate.evidence.terminalOff();
  }

  /** May this be published as confirmed now? */
  private boolean confirmable(Wave wave, Outage outage, Candidate candidate, long now) {
    if (now > candidate.startMs + p.latestVerdictMs) return false;
    if (candidate.weak || momentary(wave, candidate) || shadowed(wave, candidate)) return false;
    long earliest = candidate.startMs + (candidate.level >= Level.BOX && candidate.evidence.terminalLives() && wave.members.cardinality() == 1 ? p.confirmBoxMs : p.confirmAboveBoxMs);
    earliest = Math.max(earliest, candidate.level >= Level.BOX ? candidate.firstMs + p.assumedDelayMs : p.afterFirstMs(candidate.startMs, candidate.firstMs));
    if (now < earliest && !calls.decisive(wave, candidate, now)) return false;
    if (candidate.reports() < p.leastReports && candidate.pings == 0) return false;
    boolean last = now >= Math.max(earliest, Math.min(candidate.startMs + p.verdictMs, candidate.firstMs + p.verdictAfterFirstMs));
    double enough = !last ? (calls.settled(wave, outage, candidate, now) ? p.confirmProbability : p.askingProbability) : candidate.pings > 0 ? p.finalAskedProbability : p.finalProbability;
    return candidate.probability() >= enough;
  }

  // ---- deadlines ----------------------------------------------------------------------------------------------------

  void due(long at) {
    List<Wave> waves = feeder.upper().waves;
    for (Wave wave : List.copyOf(waves)) {
      if (wave.dueMs(p) > at) continue;
      if (wave.callDueMs <= at) calls.plan(wave, explanation, at);
      for (Outage outage : List.copyOf(wave.outages)) if (!outage.done() && outage.dueMs <= at) due(wave, outage, at);
      if (wave.finished() && at >= wave.purgeMs(p)) purge(wave);
    }
  }

  private void due(Wave wave, Outage outage, long at) {
    if (outage.state == Outage.RESTORED) {
      if (nested.lastRound(wave, outage, at)) {
        outage.dueMs = at + p.nestedLastRoundMs;
        calls.wanted(wave, at);
        return;
      }
      finish(outage, Outage.CLOSED, at);
      return;
    }
    if (outage.state == Outage.CONFIRMED) {
      finish(outage, Outage.CLOSED, at);
      return;
    }
    decide(wave, outage, at);
  }

  /** A verdict on a suspect: now, later, or never. */
  void decide(Wave wave, Outage outage, long at) {
    Candidate match = explanation.of(wave, outage);
    if (match != null) {
      match.measure(feeder, wave);
      refresh(outage, match);
      outage.weak = match.weak;
      if (confirmable(wave, outage, match, at)) {
        outage.state = Outage.CONFIRMED;
        outage.confirmedMs = at;
        outage.dueMs = outage.startMs + p.longestOutageMs;
        feeder.publish(outage, at);
        Hints.write(feeder, wave, outage, match, at);
        restorations.of(wave, outage, at);
        return;
      }
    }
    boolean refuted = match == null && outage.asked > 0;
    if (refuted || at >= outage.verdictMs(p)) {
      boolean reclosed = match != null ? momentary(wave, match) : reclosed(wave, outage);
      boolean merged = match != null && !reclosed && shadowed(wave, match);
      finish(outage, merged ? Outage.MERGED : reclosed ? Outage.MOMENTARY : Outage.CANCELLED, at);
      return;
    }
    outage.dueMs = Math.max(at + 1, Math.min(at + RETRY_MS, outage.verdictMs(p)));
    feeder.touchUpper();
  }

  /**
   * The same outage is known in another wave: wrong clocks keep a few of its reports apart. A node does not fail twice within minutes, so
   * the one with more reports is it.
   */
  private boolean shadowed(Wave wave, Candidate candidate) {
    for (Wave other : feeder.upper().waves) {
      if (other == wave) continue;
      for (Outage outage : other.outages) {
        boolean stands = outage.state == Outage.CONFIRMED || outage.state == Outage.RESTORED || outage.state == Outage.SUSPECT && outage.reports() > candidate.reports();
        if (stands && Math.abs(outage.startMs - candidate.startMs) <= p.verdictMs && places.covers(outage, candidate)) return true;
      }
    }
    return false;
  }

  private boolean reclosed(Wave wave, Outage outage) {
    if (wave.momentaryAreas() >= 2) return true;
    if (outage.areaId == null) return wave.momentaryAreas() > 0;
    AreaEvidence evidence = feeder.shape().area(outage.areaId) < 0 ? null : feeder.evidenceOrNull(wave, outage.areaId);
    if (evidence == null) return false;
    if (outage.variant == AreaEvidence.LONE) {
      Device device = evidence.find(outage.nodeId);
      return device != null && device.state == Device.MOMENTARY;
    }
    return evidence.momentary();
  }

  private void purge(Wave wave) {
    FeederShape shape = feeder.shape();
    for (int area = wave.members.nextSetBit(0); area >= 0; area = wave.members.nextSetBit(area + 1)) {
      AreaState state = feeder.area(shape.areaIds[area]);
      if (state.waves.remove(wave.id) != null) feeder.touch(state);
    }
    feeder.upper().waves.remove(wave);
    feeder.touchUpper();
    // Totals of the feeder since its beginning: the newest row per name counts.
    for (int i = Header.DUPLICATE; i <= Header.PENDING; i++) {
      if (feeder.header.counters[i] > 0) feeder.out.counter(Header.COUNTERS[i], feeder.header.counters[i], feeder.header.nowMs);
    }
  }

  /** Supply came back somewhere in an area. */
  void restored(Wave wave, int area, long now) {
    restorations.in(wave, area, now);
  }

  // ---- side states --------------------------------------------------------------------------------------------------

  /** R5: the module was changed; what rests on this device alone was work on site, confirmed or not. */
  void maintained(Wave wave, String deviceId, String nodeId, long now) {
    for (Outage outage : wave.outages) {
      boolean alone = outage.level == Level.USER && outage.nodeId.equals(deviceId) || outage.level == Level.BOX && outage.users == 1 && outage.nodeId.equals(nodeId);
      if (alone && !outage.done()) finish(outage, Outage.MAINTENANCE, now);
    }
  }

  void answered(Wave wave, Wave.Call call, boolean ok, int area, long now) {
    changed(wave, area, now);
    calls.answered(wave, now);
    for (Outage outage : List.copyOf(wave.outages)) {
      if (outage.state == Outage.SUSPECT && outage.id.equals(call.outageId()) && now < outage.verdictMs(p)) {
        outage.dueMs = Math.min(outage.dueMs, now + 1);
      }
    }
  }

  /** An answer about a box of an area that has supply again. */
  void searched(Wave wave, Search search, Wave.Call call, String boxId, boolean ok, long now) {
    nested.answered(wave, search, call, boxId, ok, now);
    calls.wanted(wave, now);
  }

  /** The evidence of several areas changed at once (another version of the archive, a later start): it is explained anew. */
  void resettled(Wave wave, long now) {
    if (now <= wave.freezeMs(p)) reconcile(wave, EVERYWHERE, now);
  }

  /** The feeder leaves the archive: what is open ends. */
  void abandon(Wave wave) {
    for (Outage outage : wave.outages) {
      if (!outage.done()) finish(outage, outage.confirmedMs == 0 ? Outage.CANCELLED : Outage.CLOSED, feeder.header.nowMs);
    }
  }
}
