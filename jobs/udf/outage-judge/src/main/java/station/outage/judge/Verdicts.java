package station.outage.judge;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** From scores to published outages: naming, waiting, confirming, restoring, closing (docs/domain.md 3.5 life cycle, 3.10). */
final class Verdicts {
  private static final long RETRY_MS = 15_000;
  private static final int LONE_MOST = 3;

  private final Feeder feeder;
  private final Parameters p;
  private final Calls calls;
  private final Nested nested;

  Verdicts(Feeder feeder) {
    this.feeder = feeder;
    this.p = feeder.p;
    this.nested = new Nested(feeder, this);
    this.calls = new Calls(feeder, nested);
  }

  // ---- after an event -----------------------------------------------------------------------------------------------

  /** The evidence of one area changed. Only when the best explanation of that area changed is the wave looked at. */
  void changed(Wave wave, int area, long now) {
    if (now > wave.freezeMs(p)) return;
    AreaEvidence evidence = feeder.evidenceOrNull(wave, feeder.shape().areaIds[area]);
    if (evidence == null) return;
    int top = topSignature(wave);
    int signature = signature(wave, feeder.shape().areaBranch[area], evidence);
    if (signature == evidence.signature() && top == wave.topSignature) return;
    evidence.signature(signature);
    wave.topSignature = top;
    reconcile(wave, now);
  }

  /** Something above the areas changed. */
  void changedAbove(Wave wave, long now) {
    if (now > wave.freezeMs(p)) return;
    int top = topSignature(wave);
    if (top == wave.topSignature) return;
    wave.topSignature = top;
    reconcile(wave, now);
  }

  private int topSignature(Wave wave) {
    FeederShape shape = feeder.shape();
    double[] silence = feeder.silence();
    double branches = wave.branchesValue(shape, silence, p);
    double whole = wave.feederScore(shape, silence, p);
    int signature = wave.momentaryAreas() >= 2 ? 7 : wave.momentaryAreas();
    if (whole > AreaEvidence.TINY && whole >= branches - AreaEvidence.TINY) return signature * 31 + 1;
    signature = signature * 31 + 2;
    for (int slot = 0; slot < shape.branches(); slot++) signature = signature * 31 + (branchChosen(wave, slot) ? 1 : 0);
    return signature;
  }

  private boolean branchChosen(Wave wave, int slot) {
    FeederShape shape = feeder.shape();
    if (slot >= shape.branches()) return false;
    double score = wave.branchScore(slot, shape, feeder.silence(), p);
    return score > AreaEvidence.TINY && score >= wave.areasValue(slot) - AreaEvidence.TINY;
  }

  private int signature(Wave wave, int slot, AreaEvidence evidence) {
    if (branchChosen(wave, slot)) return 2 + slot;
    int hash = 1;
    List<AreaEvidence.Root> roots = evidence.roots();
    for (AreaEvidence.Root root : roots) hash = hash * 31 + (root.node() * 8 + root.variant()) * 31 + (root.deviceId() == null ? 0 : root.deviceId().hashCode());
    if (roots.isEmpty()) {
      List<Device> lone = evidence.unexplained(roots);
      if (lone.size() <= LONE_MOST) for (Device device : lone) hash = hash * 31 + device.id.hashCode();
      if (evidence.terminal != null && evidence.terminal.state == Device.OFF) hash = hash * 31 + 5;
    }
    return hash * 31 + (evidence.momentary() ? 1 : 0);
  }

  // ---- the best explanation -----------------------------------------------------------------------------------------

  List<Candidate> candidates(Wave wave) {
    List<Candidate> found = explain(wave);
    double largest = 0;
    boolean worked = feeder.upper().plannedNear(wave.t0Ms(), p.joinMs) || feeder.shape().workBegins(wave.t0Ms(), p.plannedBeforeMs, p.plannedBeginsMs);
    for (Candidate candidate : found) largest = Math.max(largest, candidate.score);
    for (Candidate candidate : found) {
      if (candidate.evidence == null || candidate.weak || candidate.level < Level.BOX) continue;
      // Beside something larger at the same time a small root is mostly a device that the archive has in the wrong place.
      // The same for a lone user while anybody else on the feeder reports: two meters of one box, one of them in the wrong place.
      boolean company = candidate.variant == AreaEvidence.LONE && found.size() > 1;
      if (company || candidate.score < largest / 2 || worked) candidate.margin = Math.min(candidate.margin, candidate.evidence.scoreAsStray(candidate.root));
    }
    return found;
  }

  private List<Candidate> explain(Wave wave) {
    FeederShape shape = feeder.shape();
    double[] silence = feeder.silence();
    List<Candidate> found = new ArrayList<>(2);
    double whole = wave.feederScore(shape, silence, p);
    double branches = wave.branchesValue(shape, silence, p);
    if (whole > AreaEvidence.TINY && whole >= branches - AreaEvidence.TINY) {
      double next = branches;
      for (int slot = 0; slot < shape.branches(); slot++) if (shape.branchUsers[slot] == shape.feederUsers) next = wave.areasValue(slot);
      found.add(new Candidate(Level.FEEDER, feeder.id, 0, null, null, null, null, null, whole, Math.min(whole, whole - next) - unsure(wave, -1), false));
      return found;
    }
    long quietMs = wave.signs() ? Math.max(0, feeder.header.nowMs - wave.t0Ms() - p.aliveAfterMs) : 0;
    for (int slot = 0; slot <= shape.branches(); slot++) {
      boolean isBranch = slot < shape.branches();
      double score = isBranch ? wave.branchScore(slot, shape, silence, p) : Double.NEGATIVE_INFINITY;
      double areas = wave.areasValue(slot);
      if (isBranch && score > AreaEvidence.TINY && score >= areas - AreaEvidence.TINY) {
        double margin = Math.min(score, shape.branchAreas[slot] == 1 ? score : score - areas);
        if (shape.branchUsers[slot] != shape.feederUsers) margin = Math.min(margin, branches - whole);
        margin -= unsure(wave, slot);
        found.add(new Candidate(Level.BRANCH, shape.branchIds[slot], 0, null, null, shape.branchIds[slot], null, null, score, margin, false));
        continue;
      }
      for (int area = wave.members.nextSetBit(0); area >= 0; area = wave.members.nextSetBit(area + 1)) {
        if (shape.areaBranch[area] != slot) continue;
        double above = Double.POSITIVE_INFINITY;
        if (isBranch && shape.branchUsers[slot] != shape.users[area]) above = areas - score;
        if (shape.feederUsers != shape.users[area]) above = Math.min(above, branches - whole);
        inArea(wave, area, isBranch ? shape.branchIds[slot] : null, above, quietMs, found);
      }
    }
    return found;
  }

  /** Calls that failed behind terminals that may only be off line, over the areas of a slot (-1 = all); see {@link AreaEvidence#unsure}. */
  private double unsure(Wave wave, int slot) {
    if (wave.callsMade == 0) return 0;
    double sum = 0;
    for (int area = wave.members.nextSetBit(0); area >= 0; area = wave.members.nextSetBit(area + 1)) {
      if (slot >= 0 && feeder.shape().areaBranch[area] != slot) continue;
      AreaEvidence evidence = feeder.evidenceOrNull(wave, feeder.shape().areaIds[area]);
      if (evidence != null && !evidence.terminalOff()) sum += evidence.unsure();
    }
    return sum;
  }

  private void inArea(Wave wave, int area, String branchId, double above, long quietMs, List<Candidate> found) {
    String areaId = feeder.shape().areaIds[area];
    AreaEvidence evidence = feeder.evidenceOrNull(wave, areaId);
    if (evidence == null) return;
    AreaShape shape = evidence.shape;
    List<AreaEvidence.Root> roots = evidence.roots();
    for (AreaEvidence.Root root : roots) {
      boolean lone = root.variant() == AreaEvidence.LONE;
      double margin = Math.min(above, evidence.margin(root, quietMs));
      found.add(new Candidate(lone ? Level.USER : shape.level[root.node()], lone ? root.deviceId() : shape.id[root.node()], root.variant(), areaId, shape.id[root.node()], branchId, evidence, root, root.score(), margin, false));
    }
    if (!roots.isEmpty()) return;
    // A terminal alone, or reports too few by themselves: a question of whether anybody behind it still lives.
    if (evidence.terminal != null && evidence.terminal.state == Device.OFF) {
      AreaEvidence.Root root = new AreaEvidence.Root(0, 0, null, evidence.scoreOf(0, 0));
      double margin = Math.min(above, evidence.margin(root, quietMs));
      found.add(new Candidate(Level.AREA, areaId, 0, areaId, areaId, branchId, evidence, root, root.score(), margin, margin <= 0));
      return;
    }
    List<Device> lone = evidence.unexplained(roots);
    if (lone.size() > LONE_MOST) return;
    for (Device device : lone) {
      double score = p.lnPrior[Level.USER] + p.meters(Level.USER, 1, 1) + p.pings(device.pingFail, device.pingOk);
      AreaEvidence.Root root = new AreaEvidence.Root(device.node, AreaEvidence.LONE, device.id, score);
      found.add(new Candidate(Level.USER, device.id, AreaEvidence.LONE, areaId, shape.id[device.node], branchId, evidence, root, score, score, true));
    }
  }

  // ---- explanation -> outages ---------------------------------------------------------------------------------------

  private void reconcile(Wave wave, long now) {
    feeder.touchUpper();
    if (wave.momentaryAreas() >= 2) {
      for (Outage outage : wave.outages) if (outage.state == Outage.SUSPECT && !outage.weak) finish(outage, Outage.MOMENTARY, now);
      return;
    }
    List<Candidate> candidates = candidates(wave);
    List<Outage> free = new ArrayList<>(wave.outages.size());
    List<Outage> settled = new ArrayList<>();
    for (Outage outage : wave.outages) {
      if (outage.state == Outage.MERGED || outage.state == Outage.MAINTENANCE) continue;
      if (outage.open() && (outage.state == Outage.SUSPECT || now < outage.verdictMs(p))) free.add(outage);
      else settled.add(outage);
    }
    candidates.removeIf(
        candidate -> {
          for (Outage outage : settled) {
            if (outage.done() ? candidate.sameAs(outage) : covers(outage, candidate) || covers(candidate, outage)) return true;
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
        if ((covers(outage, candidate) || covers(candidate, outage)) && (heir == null || rank(outage) < rank(heir))) heir = outage;
      }
      candidate.measure(feeder, wave);
      if (heir == null) {
        open(wave, candidate, now);
        continue;
      }
      if (heir.state == Outage.CONFIRMED && (candidate.weak || !confirmable(wave, heir, candidate, now))) continue;
      free.remove(heir);
      adopt(heir, candidate);
      if (heir.state == Outage.CONFIRMED) heir.confirmedMs = now;
      schedule(heir, now);
      publish(heir, now);
      for (Outage other : List.copyOf(free)) {
        if (!covers(candidate, other)) continue;
        free.remove(other);
        finish(other, Outage.MERGED, now);
      }
    }
    calls.wanted(wave, now);
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
    publish(outage, now);
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

  void publish(Outage outage, long now) {
    outage.version++;
    feeder.touchUpper();
    feeder.out.outage(outage.row(feeder.id, now, feeder.shape().version));
  }

  private void finish(Outage outage, int state, long now) {
    outage.state = state;
    publish(outage, now);
  }

  boolean covers(Outage upper, Candidate lower) {
    return covers(upper.level, upper.nodeId, upper.variant, upper.areaId, upper.rootId, lower.level, lower.nodeId, lower.areaId, lower.rootId, lower.branchId);
  }

  boolean covers(Candidate upper, Outage lower) {
    return covers(upper.level, upper.nodeId, upper.variant, upper.areaId, upper.rootId, lower.level, lower.nodeId, lower.areaId, lower.rootId, lower.branchId);
  }

  private boolean covers(int level, String nodeId, int variant, String areaId, String rootId, int otherLevel, String otherNode, String otherArea, String otherRoot, String otherBranch) {
    if (level == Level.FEEDER) return true;
    if (otherLevel < level) return false;
    if (level == Level.BRANCH) return nodeId.equals(otherBranch);
    if (!areaId.equals(otherArea)) return false;
    if (variant == AreaEvidence.LONE) return nodeId.equals(otherNode);
    if (feeder.shape().area(areaId) < 0) return false;
    AreaShape shape = feeder.areaShape(areaId);
    int upper = shape.find(rootId);
    int lower = shape.find(otherRoot);
    return upper >= 0 && lower >= 0 && shape.covers(upper, lower);
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
    if (candidate.weak || momentary(wave, candidate) || shadowed(wave, candidate)) return false;
    long earliest = candidate.startMs + (candidate.level >= Level.BOX && candidate.evidence.terminalLives() && wave.members.cardinality() == 1 ? p.confirmBoxMs : p.confirmAboveBoxMs);
    earliest = Math.max(earliest, candidate.firstMs + (candidate.level >= Level.BOX ? p.assumedDelayMs : p.confirmAfterFirstMs));
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
      if (wave.callDueMs <= at) calls.plan(wave, () -> candidates(wave), at);
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
    Candidate match = null;
    for (Candidate candidate : candidates(wave)) if (candidate.sameAs(outage)) match = candidate;
    if (match != null) {
      match.measure(feeder, wave);
      refresh(outage, match);
      outage.weak = match.weak;
      if (confirmable(wave, outage, match, at)) {
        outage.state = Outage.CONFIRMED;
        outage.confirmedMs = at;
        outage.dueMs = outage.startMs + p.longestOutageMs;
        publish(outage, at);
        Hints.write(feeder, wave, outage, match, at);
        restoredNow(wave, outage, at);
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
        if (stands && Math.abs(outage.startMs - candidate.startMs) <= p.verdictMs && covers(outage, candidate)) return true;
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

  /** The place of a device lies under an outage that is known: its report is a late one, not a new fault. */
  boolean isDark(Wave wave, Event e, int area, boolean prompt) {
    for (Outage outage : wave.outages) {
      boolean known =
          outage.state == Outage.CONFIRMED
              || outage.state == Outage.RESTORED && !prompt
              || outage.state == Outage.MOMENTARY && (e.deviceKind == Event.METER || !prompt);
      if (!known) continue;
      if (outage.level == Level.FEEDER) return true;
      int slot = feeder.shape().areaBranch[area];
      if (outage.level == Level.BRANCH) {
        if (slot < feeder.shape().branches() && feeder.shape().branchIds[slot].equals(outage.nodeId)) return true;
        continue;
      }
      if (!e.areaId.equals(outage.areaId)) continue;
      if (outage.level == Level.USER) {
        if (e.deviceId.equals(outage.nodeId)) return true;
        continue;
      }
      AreaShape shape = feeder.areaShape(e.areaId);
      int root = shape.find(outage.rootId);
      boolean phase = outage.variant == 0 || outage.variant == e.phase + 1;
      if (root >= 0 && phase && shape.covers(root, e.deviceKind == Event.TERMINAL ? 0 : shape.place(e.boxId, e.lineId))) return true;
    }
    return false;
  }

  // ---- restoration --------------------------------------------------------------------------------------------------

  /** Supply came back somewhere in an area: are outages over it restored? */
  void restored(Wave wave, int area, long now) {
    String areaId = feeder.shape().areaIds[area];
    int slot = feeder.shape().areaBranch[area];
    String branchId = slot < feeder.shape().branches() ? feeder.shape().branchIds[slot] : null;
    for (Outage outage : List.copyOf(wave.outages)) {
      if (outage.state != Outage.CONFIRMED) continue;
      boolean over = outage.level == Level.FEEDER || outage.level == Level.BRANCH && outage.nodeId.equals(branchId) || areaId.equals(outage.areaId);
      if (over) restoredNow(wave, outage, now);
    }
  }

  private void restoredNow(Wave wave, Outage outage, long now) {
    int off = 0;
    int on = 0;
    int terminals = 0;
    int terminalsOn = 0;
    FeederShape shape = feeder.shape();
    if (outage.areaId == null) {
      for (int slot = 0; slot <= shape.branches(); slot++) {
        if (outage.level == Level.BRANCH && (slot == shape.branches() || !shape.branchIds[slot].equals(outage.nodeId))) continue;
        off += wave.meterOff[slot];
        on += wave.meterOn[slot];
        terminals += wave.terminalOff[slot];
        terminalsOn += wave.terminalOn[slot];
      }
    } else {
      if (shape.area(outage.areaId) < 0) return;
      AreaEvidence evidence = feeder.evidenceOrNull(wave, outage.areaId);
      AreaEvidence.Root root = evidence == null ? null : rootOf(evidence, outage);
      if (root == null) return;
      off = root.variant() == 0 ? evidence.offAll[root.node()] : evidence.reportsUnder(root, false);
      on = root.variant() == 0 ? evidence.onAll[root.node()] : evidence.reportsUnder(root, true);
      if (outage.level == Level.AREA && outage.variant == 0 && evidence.terminalOff()) {
        terminals = 1;
        terminalsOn = evidence.terminal.state == Device.ON ? 1 : 0;
      }
    }
    boolean byTerminals = terminals > 0 && terminalsOn >= p.restoredShare * terminals;
    boolean byMeters = off > 0 && on >= p.restoredShare * off;
    if (!byTerminals && !byMeters) return;
    outage.state = Outage.RESTORED;
    outage.restoredMs = Math.max(outage.startMs, restoredAt(wave, outage, now));
    outage.dueMs = now + p.closeAfterMs;
    publish(outage, now);
    nested.restored(wave, outage, now);
    calls.wanted(wave, now);
  }

  private AreaEvidence.Root rootOf(AreaEvidence evidence, Outage outage) {
    int node = evidence.shape.find(outage.rootId);
    if (node < 0) return null;
    return new AreaEvidence.Root(node, outage.variant, outage.variant == AreaEvidence.LONE ? outage.nodeId : null, 0);
  }

  /** R14: the median of the instants at which supply came back. */
  private long restoredAt(Wave wave, Outage outage, long now) {
    List<Long> instants = new ArrayList<>();
    each(
        wave,
        outage,
        (evidence, root) -> {
          if (evidence.terminal != null && evidence.terminal.state == Device.ON && (root == null || evidence.explains(root, evidence.terminal))) instants.add(evidence.terminal.onAtMs);
          for (Device device : evidence.meters()) if (device.state == Device.ON && (root == null || evidence.explains(root, device))) instants.add(device.onAtMs);
        });
    if (instants.isEmpty()) return now;
    Collections.sort(instants);
    return Math.min(now, instants.get(instants.size() / 2));
  }

  interface Visit {
    void at(AreaEvidence evidence, AreaEvidence.Root root);
  }

  void each(Wave wave, Outage outage, Visit visit) {
    FeederShape shape = feeder.shape();
    for (int area = wave.members.nextSetBit(0); area >= 0; area = wave.members.nextSetBit(area + 1)) {
      if (outage.areaId != null && !shape.areaIds[area].equals(outage.areaId)) continue;
      int slot = shape.areaBranch[area];
      if (outage.level == Level.BRANCH && (slot == shape.branches() || !shape.branchIds[slot].equals(outage.nodeId))) continue;
      AreaEvidence evidence = feeder.evidenceOrNull(wave, shape.areaIds[area]);
      if (evidence != null) visit.at(evidence, outage.areaId == null ? null : rootOf(evidence, outage));
    }
  }

  // ---- side states --------------------------------------------------------------------------------------------------

  /** A planned or controlled node is published once, when its first report comes. */
  void announce(String state, String key, String nodeId, Event e, long at, long endMs, long now) {
    Upper upper = feeder.upper();
    if (state.equals("PLANNED")) {
      upper.plannedAt(at, p.joinMs);
      feeder.touchUpper();
    }
    if (upper.announced.containsKey(key)) return;
    upper.announced.values().removeIf(until -> until < now);
    upper.announced.put(key, Math.max(endMs, now) + 86_400_000);
    feeder.touchUpper();
    int level = levelOf(nodeId, e);
    int users = level == Level.USER ? 1 : usersOf(nodeId, level, e);
    feeder.out.outage(
        new OutageRow("o-" + feeder.id + "-" + key, 1, state, nodeId, Level.name(level), null, feeder.id, level >= Level.AREA ? e.areaId : null, at, 0, 0, users, 1, 1, users, 0, e.deviceKind == Event.TERMINAL, 0, now, feeder.shape().version));
  }

  private int levelOf(String nodeId, Event e) {
    if (nodeId.equals(feeder.id)) return Level.FEEDER;
    if (feeder.shape().branch(nodeId) >= 0) return Level.BRANCH;
    if (nodeId.equals(e.areaId)) return Level.AREA;
    if (nodeId.equals(e.lineId)) return Level.LINE;
    if (nodeId.equals(e.boxId)) return Level.BOX;
    return Level.USER;
  }

  private int usersOf(String nodeId, int level, Event e) {
    FeederShape shape = feeder.shape();
    if (level == Level.FEEDER) return shape.feederUsers;
    if (level == Level.BRANCH) return shape.branchUsers[shape.branch(nodeId)];
    AreaShape area = feeder.areaShape(e.areaId);
    int node = area.find(nodeId);
    return node < 0 ? 0 : area.users[node];
  }

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

  /** Another version of the archive has moved or removed something: the evidence is explained anew. */
  void resettled(Wave wave, long now) {
    if (now <= wave.freezeMs(p)) reconcile(wave, now);
  }

  /** The feeder leaves the archive: what is open ends. */
  void abandon(Wave wave) {
    for (Outage outage : wave.outages) {
      if (!outage.done()) finish(outage, outage.confirmedMs == 0 ? Outage.CANCELLED : Outage.CLOSED, feeder.header.nowMs);
    }
  }
}
