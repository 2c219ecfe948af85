package station.outage.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Scores and roots straight from docs/domain.md 3.7: for every node all devices are counted anew, V is a plain recursion. */
final class SlowTree {
  final double feederScore;
  final double[] branchScore;
  private final Feeder feeder;
  private final Wave wave;
  private final Parameters p;
  private final FeederShape shape;

  SlowTree(Feeder feeder, Wave wave) {
    this.feeder = feeder;
    this.wave = wave;
    this.p = feeder.p;
    this.shape = feeder.shape();
    feederScore = upper(-1);
    branchScore = new double[shape.branches()];
    for (int slot = 0; slot < branchScore.length; slot++) branchScore[slot] = upper(slot);
  }

  private double upper(int slot) {
    double s = slot < 0 ? p.lnPrior[Level.FEEDER] : p.lnPrior[Level.BRANCH];
    int terminals = 0;
    int off = 0;
    int live = 0;
    int areasAlive = 0;
    int strays = 0;
    for (int area = 0; area < shape.areas(); area++) {
      if (slot >= 0 && shape.areaBranch[area] != slot) continue;
      AreaEvidence evidence = evidence(area);
      int meters = 0;
      if (evidence != null) {
        for (Device device : evidence.meters()) if (device.reported()) meters++;
        int reported = meters;
        int signs = 0;
        for (Device device : evidence.meters()) if (device.live()) signs++;
        if (evidence.terminal != null && evidence.terminal.live()) signs++;
        if (signs >= p.aliveVeto && signs * p.aliveVetoShare >= meters) meters = 0;
        boolean terminalOff = evidence.terminal != null && evidence.terminal.reported() && !evidence.terminal.weak;
        if (terminalOff) off++;
        if (!terminalOff && reported <= 2 && value(evidence, 0) <= 1e-9) strays += reported;
      }
      s += p.meters(Level.FEEDER, meters, shape.expected[area]);
      s += p.alive(wave.alive[area] & 0x7F);
      if (shape.terminals[area] != null) terminals++;
      if (wave.isTerminalAlive(area)) live++;
      if (wave.isAreaAlive(area)) areasAlive++;
    }
    if (areasAlive >= p.aliveVeto) return Double.NEGATIVE_INFINITY;
    if (strays * 20 <= wave.reports) s -= strays * Math.log(p.strayPhi / p.phi);
    return s + p.terminals(off, terminals - live) + p.alive(live);
  }

  private AreaEvidence evidence(int area) {
    return wave.members.get(area) ? feeder.evidenceOrNull(wave, shape.areaIds[area]) : null;
  }

  double score(AreaEvidence evidence, int node) {
    double best = score(evidence, node, 0);
    int level = evidence.shape.level[node];
    if ((level == Level.AREA || level == Level.BOX) && evidence.shape.threePhase(node)) for (int v = 1; v <= 3; v++) best = Math.max(best, score(evidence, node, v));
    return best;
  }

  double score(AreaEvidence evidence, int node, int v) {
    AreaShape area = evidence.shape;
    int off = 0;
    int live = 0;
    int signs = 0;
    for (Device device : evidence.meters()) {
      if (!area.covers(node, device.node) || v > 0 && device.phase != v - 1) continue;
      if (device.reported()) off++;
      if (device.live()) live++;
      if (device.vouches()) signs++;
    }
    int level = area.level[node];
    double s = p.lnPrior[level];
    if (v > 0) {
      s += Math.log((level == Level.AREA ? p.onePhaseArea : p.onePhaseBox) / 3);
      s += Scores.reports(p.meterA[Level.BOX], p.meterB[Level.BOX], off, area.expected[node][v - 1], p.phi);
    } else {
      s += p.meters(level, off, area.expectedAll[node]);
      if (level == Level.AREA) {
        Device terminal = evidence.terminal;
        if (terminal != null && terminal.reported()) s += Math.log(0.85 / p.phi);
        else if (terminal != null && terminal.live()) s += Math.log(p.epsilon);
        else s += Math.log(0.15) - Math.log1p(-p.phi);
        if (terminal != null && terminal.live()) live++;
      }
    }
    if (live >= p.aliveVeto && live * p.aliveVetoShare >= off) return Double.NEGATIVE_INFINITY;
    return s + signs * Math.log(p.epsilon);
  }

  double value(AreaEvidence evidence, int node) {
    return Math.max(0, Math.max(score(evidence, node), below(evidence, node)));
  }

  private double below(AreaEvidence evidence, int node) {
    double sum = 0;
    for (int child : evidence.shape.children[node]) sum += value(evidence, child);
    for (Device device : evidence.meters()) {
      if (device.node == node && device.reported()) sum += Math.max(0, p.lnPrior[Level.USER] + Math.log(p.meterA[Level.USER] / (p.meterA[Level.USER] + p.meterB[Level.USER]) / p.phi));
    }
    return sum;
  }

  private double slotValue(int slot) {
    double sum = 0;
    for (int area = 0; area < shape.areas(); area++) if (shape.areaBranch[area] == slot && evidence(area) != null) sum += value(evidence(area), 0);
    return sum;
  }

  /** The disjoint roots of the best explanation, as `node/variant`. */
  TreeSet<String> roots() {
    TreeSet<String> found = new TreeSet<>();
    double branches = 0;
    for (int slot = 0; slot <= shape.branches(); slot++) branches += Math.max(slotValue(slot), slot < shape.branches() ? branchScore[slot] : 0);
    if (feederScore > 1e-9 && feederScore >= branches - 1e-9) {
      found.add(shape.feederId + "/0");
      return found;
    }
    for (int slot = 0; slot <= shape.branches(); slot++) {
      if (slot < shape.branches() && branchScore[slot] > 1e-9 && branchScore[slot] >= slotValue(slot) - 1e-9) {
        found.add(shape.branchIds[slot] + "/0");
        continue;
      }
      for (int area = 0; area < shape.areas(); area++) if (shape.areaBranch[area] == slot && evidence(area) != null) collect(evidence(area), 0, found);
    }
    return found;
  }

  private void collect(AreaEvidence evidence, int node, TreeSet<String> found) {
    double own = score(evidence, node);
    if (own > 1e-9 && own >= below(evidence, node) - 1e-9) {
      List<Integer> variants = new ArrayList<>();
      for (int v = 0; v <= 3; v++) {
        boolean possible = v == 0 || (evidence.shape.level[node] == Level.AREA || evidence.shape.level[node] == Level.BOX) && evidence.shape.threePhase(node);
        if (possible && score(evidence, node, v) == own) variants.add(v);
      }
      found.add(evidence.shape.id[node] + "/" + variants.get(0));
      return;
    }
    for (int child : evidence.shape.children[node]) collect(evidence, child, found);
  }
}
