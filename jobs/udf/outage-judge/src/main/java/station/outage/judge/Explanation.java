package station.outage.judge;

import java.util.ArrayList;
import java.util.List;

/**
 * What explains the reports of a wave best, as disjoint roots (docs/domain.md 3.7, V(n) from the leaves). A report changes one area: its
 * roots can be had without looking at the others, which matters on a feeder of a thousand areas in a storm.
 */
final class Explanation {
  private final Feeder feeder;
  private final Parameters p;

  Explanation(Feeder feeder) {
    this.feeder = feeder;
    this.p = feeder.p;
  }

  // ---- has it changed? ----------------------------------------------------------------------------------------------

  /** Which of feeder and branches are chosen, and whether the wave is a reclosing. */
  int topSignature(Wave wave) {
    FeederShape shape = feeder.shape();
    int signature = wave.momentaryAreas() >= 2 ? 7 : wave.momentaryAreas();
    if (feederChosen(wave)) return signature * 31 + 1;
    signature = signature * 31 + 2;
    for (int slot = 0; slot < shape.branches(); slot++) signature = signature * 31 + (branchChosen(wave, slot) ? 1 : 0);
    return signature;
  }

  /** Which roots an area has. */
  int signature(Wave wave, int area, AreaEvidence evidence) {
    int slot = feeder.shape().areaBranch[area];
    if (branchChosen(wave, slot)) return 2 + slot;
    int hash = 1;
    for (AreaEvidence.Root root : evidence.roots()) hash = hash * 31 + (root.node() * 8 + root.variant()) * 31 + (root.deviceId() == null ? 0 : root.deviceId().hashCode());
    for (Device device : evidence.loneReports()) hash = hash * 31 + device.id.hashCode();
    if (evidence.terminalAlone()) hash = hash * 31 + 5;
    return hash * 31 + (evidence.momentary() ? 1 : 0);
  }

  private boolean feederChosen(Wave wave) {
    FeederShape shape = feeder.shape();
    double whole = wave.feederScore(shape, feeder.silence(), p);
    return whole > AreaEvidence.TINY && whole >= wave.branchesValue(shape, feeder.silence(), p) - AreaEvidence.TINY;
  }

  private boolean branchChosen(Wave wave, int slot) {
    FeederShape shape = feeder.shape();
    if (slot >= shape.branches()) return false;
    double score = wave.branchScore(slot, shape, feeder.silence(), p);
    return score > AreaEvidence.TINY && score >= wave.areasValue(slot) - AreaEvidence.TINY;
  }

  // ---- the roots ----------------------------------------------------------------------------------------------------

  /** All roots of the wave. */
  List<Candidate> all(Wave wave) {
    List<Candidate> found = new ArrayList<>(2);
    if (feederChosen(wave)) {
      found.add(wholeFeeder(wave));
      return found;
    }
    FeederShape shape = feeder.shape();
    for (int slot = 0; slot < shape.branches(); slot++) if (branchChosen(wave, slot)) found.add(branch(wave, slot));
    for (int area = wave.members.nextSetBit(0); area >= 0; area = wave.members.nextSetBit(area + 1)) {
      if (!branchChosen(wave, shape.areaBranch[area])) inArea(wave, area, found);
    }
    return found;
  }

  /** The roots in one area, or the one above it. */
  List<Candidate> over(Wave wave, int area) {
    List<Candidate> found = new ArrayList<>(2);
    int slot = feeder.shape().areaBranch[area];
    if (feederChosen(wave)) found.add(wholeFeeder(wave));
    else if (branchChosen(wave, slot)) found.add(branch(wave, slot));
    else inArea(wave, area, found);
    return found;
  }

  /** The root that an outage names, or null when it is none any more. */
  Candidate of(Wave wave, Outage outage) {
    FeederShape shape = feeder.shape();
    if (outage.level == Level.FEEDER) return feederChosen(wave) ? wholeFeeder(wave) : null;
    if (outage.level == Level.BRANCH) {
      int slot = shape.branch(outage.nodeId);
      return slot >= 0 && !feederChosen(wave) && branchChosen(wave, slot) ? branch(wave, slot) : null;
    }
    int area = shape.area(outage.areaId);
    if (area < 0 || !wave.members.get(area)) return null;
    for (Candidate candidate : over(wave, area)) if (candidate.sameAs(outage)) return candidate;
    return null;
  }

  private Candidate wholeFeeder(Wave wave) {
    FeederShape shape = feeder.shape();
    double score = wave.feederScore(shape, feeder.silence(), p);
    return new Candidate(Level.FEEDER, feeder.id, 0, null, null, null, null, null, score, false, () -> {
      double branches = wave.branchesValue(shape, feeder.silence(), p);
      double next = branches;
      for (int slot = 0; slot < shape.branches(); slot++) if (shape.branchUsers[slot] == shape.feederUsers) next = wave.areasValue(slot);
      double margin = Math.min(Math.min(score, score - next), score - restarted(wave, -1, branches));
      return margin - unsure(wave, -1);
    });
  }

  private Candidate branch(Wave wave, int slot) {
    FeederShape shape = feeder.shape();
    double score = wave.branchScore(slot, shape, feeder.silence(), p);
    String id = shape.branchIds[slot];
    return new Candidate(Level.BRANCH, id, 0, null, null, id, null, null, score, false, () -> {
      double areas = wave.areasValue(slot);
      double margin = Math.min(score, shape.branchAreas[slot] == 1 ? score : score - areas);
      if (shape.branchUsers[slot] != shape.feederUsers) margin = Math.min(margin, belowFeeder(wave));
      return Math.min(margin, score - restarted(wave, slot, areas)) - unsure(wave, slot);
    });
  }

  private void inArea(Wave wave, int area, List<Candidate> found) {
    FeederShape upper = feeder.shape();
    String areaId = upper.areaIds[area];
    AreaEvidence evidence = feeder.evidenceOrNull(wave, areaId);
    if (evidence == null) return;
    AreaShape shape = evidence.shape;
    int slot = upper.areaBranch[area];
    String branchId = slot < upper.branches() ? upper.branchIds[slot] : null;
    for (AreaEvidence.Root root : evidence.roots()) {
      boolean lone = root.variant() == AreaEvidence.LONE;
      int level = lone ? Level.USER : shape.level[root.node()];
      found.add(new Candidate(level, lone ? root.deviceId() : shape.id[root.node()], root.variant(), areaId, shape.id[root.node()], branchId, evidence, root, root.score(), false, () -> {
        double margin = Math.min(belowBranch(wave, area), evidence.margin(root, quietMs(wave)));
        return level >= Level.BOX && strayLikely(wave, root) ? Math.min(margin, evidence.scoreAsStray(root)) : margin;
      }));
    }
    if (evidence.terminalAlone()) {
      AreaEvidence.Root root = new AreaEvidence.Root(0, 0, null, evidence.scoreOf(0, 0));
      double margin = Math.min(belowBranch(wave, area), evidence.margin(root, quietMs(wave)));
      found.add(new Candidate(Level.AREA, areaId, 0, areaId, areaId, branchId, evidence, root, root.score(), margin <= 0, () -> margin));
      return;
    }
    for (Device device : evidence.loneReports()) {
      double score = p.lnPrior[Level.USER] + p.meters(Level.USER, 1, 1) + p.pings(device.pingFail, device.pingOk);
      AreaEvidence.Root root = new AreaEvidence.Root(device.node, AreaEvidence.LONE, device.id, score);
      found.add(new Candidate(Level.USER, device.id, AreaEvidence.LONE, areaId, shape.id[device.node], branchId, evidence, root, score, true, () -> score));
    }
  }

  // ---- what else it may be ------------------------------------------------------------------------------------------

  /** How much worse a fault of the whole feeder explains the wave. */
  private double belowFeeder(Wave wave) {
    return wave.branchesValue(feeder.shape(), feeder.silence(), p) - wave.feederScore(feeder.shape(), feeder.silence(), p);
  }

  /** How much worse a fault of an area's branch, or of the feeder, explains it. */
  private double belowBranch(Wave wave, int area) {
    FeederShape shape = feeder.shape();
    int slot = shape.areaBranch[area];
    double above = Double.POSITIVE_INFINITY;
    if (slot < shape.branches() && shape.branchUsers[slot] != shape.users[area]) above = wave.areasValue(slot) - wave.branchScore(slot, shape, feeder.silence(), p);
    return shape.feederUsers == shape.users[area] ? above : Math.min(above, belowFeeder(wave));
  }

  /** How long signs of life have been missing although they would be seen; 0 when unknown. */
  private long quietMs(Wave wave) {
    return wave.signs() ? Math.max(0, feeder.header.nowMs - wave.t0Ms() - p.aliveAfterMs) : 0;
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

  /** What explains the reports if one area of a slot (-1 = of all) only saw its concentrator restart; `areas` without that. */
  private double restarted(Wave wave, int slot, double areas) {
    double best = Double.NEGATIVE_INFINITY;
    for (int area = wave.members.nextSetBit(0); area >= 0; area = wave.members.nextSetBit(area + 1)) {
      if (slot >= 0 && feeder.shape().areaBranch[area] != slot) continue;
      AreaEvidence evidence = feeder.evidenceOrNull(wave, feeder.shape().areaIds[area]);
      if (evidence != null && !evidence.terminalOff()) best = Math.max(best, evidence.burstScore() - evidence.areaValue());
    }
    return areas + best;
  }

  /**
   * Beside something larger at the same time a small root is mostly a device that the archive has in the wrong place. The same for a lone
   * user while anybody else on the feeder reports: two meters of one box, one of them in the wrong place.
   */
  private boolean strayLikely(Wave wave, AreaEvidence.Root root) {
    FeederShape shape = feeder.shape();
    if (feeder.upper().plannedNear(wave.t0Ms(), p.joinMs) || shape.workBegins(wave.t0Ms(), p.plannedBeforeMs, p.plannedBeginsMs)) return true;
    int others = -1;
    double largest = 0;
    for (int slot = 0; slot < shape.branches(); slot++) {
      if (!branchChosen(wave, slot)) continue;
      others++;
      largest = Math.max(largest, wave.branchScore(slot, shape, feeder.silence(), p));
    }
    for (int area = wave.members.nextSetBit(0); area >= 0; area = wave.members.nextSetBit(area + 1)) {
      AreaEvidence evidence = branchChosen(wave, shape.areaBranch[area]) ? null : feeder.evidenceOrNull(wave, shape.areaIds[area]);
      if (evidence == null) continue;
      List<AreaEvidence.Root> roots = evidence.roots();
      for (AreaEvidence.Root each : roots) largest = Math.max(largest, each.score());
      others += roots.size();
      if (evidence.terminalAlone()) {
        others++;
        largest = Math.max(largest, evidence.scoreOf(0, 0));
      } else others += evidence.loneReports().size();
    }
    return root.variant() == AreaEvidence.LONE && others > 0 || root.score() < largest / 2;
  }
}
