package station.outage.judge;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** When an outage is over, and since when (R14). */
final class Restorations {
  private final Feeder feeder;
  private final Parameters p;
  private final Calls calls;
  private final Nested nested;

  Restorations(Feeder feeder, Calls calls, Nested nested) {
    this.feeder = feeder;
    this.p = feeder.p;
    this.calls = calls;
    this.nested = nested;
  }

  /** Supply came back somewhere in an area: are outages over it restored? */
  void in(Wave wave, int area, long now) {
    FeederShape shape = feeder.shape();
    String areaId = shape.areaIds[area];
    int slot = shape.areaBranch[area];
    String branchId = slot < shape.branches() ? shape.branchIds[slot] : null;
    for (Outage outage : List.copyOf(wave.outages)) {
      if (outage.state != Outage.CONFIRMED) continue;
      boolean over = outage.level == Level.FEEDER || outage.level == Level.BRANCH && outage.nodeId.equals(branchId) || areaId.equals(outage.areaId);
      if (over) of(wave, outage, now);
    }
  }

  void of(Wave wave, Outage outage, long now) {
    if (!(outage.areaId == null ? isBackAbove(wave, outage) : isBackInside(wave, outage))) return;
    outage.state = Outage.RESTORED;
    outage.restoredMs = Math.max(outage.startMs, backMs(wave, outage, now));
    outage.dueMs = now + p.closeAfterMs;
    feeder.publish(outage, now);
    nested.restored(wave, outage, now);
    calls.wanted(wave, now);
  }

  private boolean isBackAbove(Wave wave, Outage outage) {
    FeederShape shape = feeder.shape();
    int off = 0;
    int on = 0;
    int terminals = 0;
    int terminalsOn = 0;
    for (int slot = 0; slot <= shape.branches(); slot++) {
      if (outage.level == Level.BRANCH && (slot == shape.branches() || !shape.branchIds[slot].equals(outage.nodeId))) continue;
      off += wave.meterOff[slot];
      on += wave.meterOn[slot];
      terminals += wave.terminalOff[slot];
      terminalsOn += wave.terminalOn[slot];
    }
    return enough(terminalsOn, terminals) || enough(on, off);
  }

  private boolean isBackInside(Wave wave, Outage outage) {
    AreaEvidence evidence = feeder.shape().area(outage.areaId) < 0 ? null : feeder.evidenceOrNull(wave, outage.areaId);
    AreaEvidence.Root root = evidence == null ? null : evidence.rootOf(outage);
    if (root == null) return false;
    if (outage.level == Level.AREA && outage.variant == 0 && evidence.terminalOff() && evidence.terminal.state == Device.ON) return true;
    return enough(evidence.reportsUnder(root, true), evidence.reportsUnder(root, false));
  }

  private boolean enough(int on, int off) {
    return off > 0 && on >= p.restoredShare * off;
  }

  /** The median of the instants at which supply came back. */
  private long backMs(Wave wave, Outage outage, long now) {
    List<Long> instants = new ArrayList<>();
    feeder.eachArea(
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
}
