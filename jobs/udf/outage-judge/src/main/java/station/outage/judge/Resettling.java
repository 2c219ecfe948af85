package station.outage.judge;

import java.util.Objects;

/**
 * Open waves under another version of the archive (docs/domain.md 3, topology changes): areas keep their evidence wherever they hang on
 * the feeder now; an outage whose node is gone ends, and what its devices still say is explained anew.
 */
final class Resettling {
  private final Feeder feeder;
  private final Parameters p;
  private final FeederShape older;
  private final FeederShape newer;
  private boolean disturbed;

  Resettling(Feeder feeder, FeederShape older, FeederShape newer) {
    this.feeder = feeder;
    this.p = feeder.p;
    this.older = older;
    this.newer = newer;
  }

  /** The wave moved last has something in another place, or lost something. */
  boolean disturbed() {
    return disturbed;
  }

  Wave move(Wave wave) {
    disturbed = false;
    Wave moved = new Wave(wave.id, wave.baseMs, wave.firstMs, newer);
    System.arraycopy(wave.bins, 0, moved.bins, 0, wave.bins.length);
    moved.reports = wave.reports;
    moved.signsFromMs = wave.signsFromMs;
    moved.tripped = wave.tripped;
    moved.watched = wave.watched;
    moved.moved = true;
    moved.unsettled = wave.unsettled;
    moved.topSignature = wave.topSignature;
    moved.callDueMs = wave.callDueMs;
    moved.callsMade = wave.callsMade;
    for (int was = 0; was < older.areas(); was++) {
      int area = newer.area(older.areaIds[was]);
      boolean member = wave.members.get(was);
      if (area < 0) {
        disturbed |= member;
        continue;
      }
      int slot = newer.areaBranch[area];
      if (wave.isTerminalAlive(was)) moved.sign(area, slot, true, wave.signMs(was), p);
      for (int meters = wave.alive[was] & 0x7F; meters > 0; meters--) moved.sign(area, slot, false, wave.signMs(was), p);
      if (member) moveArea(wave, moved, area, branchId(older, was));
    }
    for (Wave.Call call : wave.calls) if (newer.area(call.areaId()) >= 0) moved.calls.add(call);
    for (Search search : wave.searches) if (newer.area(search.areaId) >= 0) moved.searches.add(search);
    for (Outage outage : wave.outages) {
      moved.outages.add(outage);
      if (!outage.done() && !anchored(moved, outage)) end(outage);
    }
    return moved;
  }

  private void moveArea(Wave wave, Wave moved, int area, String branchBefore) {
    String areaId = newer.areaIds[area];
    AreaState state = feeder.area(areaId);
    AreaEvidence evidence = state.waves.get(wave.id);
    if (evidence == null) return;
    int signature = evidence.signature();
    evidence = evidence.under(feeder.areaShape(areaId));
    evidence.signature(signature);
    state.waves.put(wave.id, evidence);
    feeder.touch(state);
    moved.members.set(area);
    moved.account(newer.areaBranch[area], Wave.Share.NOTHING, feeder.share(evidence));
    disturbed |= !Objects.equals(branchBefore, branchId(newer, area));
  }

  private static String branchId(FeederShape shape, int area) {
    int slot = shape.areaBranch[area];
    return slot < shape.branches() ? shape.branchIds[slot] : null;
  }

  /** Gives the outage its place in the newer tree; false when there is none. */
  private boolean anchored(Wave moved, Outage outage) {
    if (outage.level == Level.FEEDER) return true;
    if (outage.level == Level.BRANCH) return newer.branch(outage.nodeId) >= 0;
    int area = newer.area(outage.areaId);
    if (area < 0) return false;
    outage.branchId = branchId(newer, area);
    AreaShape shape = feeder.areaShape(outage.areaId);
    if (shape.find(outage.rootId) >= 0) return true;
    // A lone user hangs wherever its meter hangs now; a box or a line that is gone has no successor of that name.
    AreaEvidence evidence = outage.variant == AreaEvidence.LONE ? feeder.evidenceOrNull(moved, outage.areaId) : null;
    Device device = evidence == null ? null : evidence.find(outage.nodeId);
    if (device == null) return false;
    outage.rootId = shape.id[device.node];
    return true;
  }

  private void end(Outage outage) {
    disturbed = true;
    outage.version++;
    outage.state = outage.confirmedMs == 0 ? Outage.CANCELLED : Outage.CLOSED;
    feeder.out.outage(outage.row(feeder.id, feeder.header.nowMs, newer.version));
  }
}
