package station.outage.judge;

/** Correction proposals for the archive, drawn from a confirmed outage (docs/domain.md 2.4): proposals, never changes. */
final class Hints {
  private static final long NEAR_MS = 30_000;

  private Hints() {}

  static void write(Feeder feeder, Wave wave, Outage outage, Candidate root, long at) {
    if (root.evidence == null || root.root == null || root.variant == AreaEvidence.LONE) return;
    if (root.off < 3) return;
    AreaShape shape = root.evidence.shape;
    for (Device device : root.evidence.meters()) {
      boolean under = root.evidence.explains(root.root, device);
      String place = shape.id[device.node];
      if (!under && root.level >= Level.LINE && device.state == Device.OFF && device.phase != Device.TERMINAL && Math.abs(device.offAtMs - outage.startMs) <= NEAR_MS && !shape.covers(root.root.node(), device.node)) {
        // Went dark with it and hangs elsewhere in the archive.
        feeder.out.hint("WRONG_BOX", device.id, place, outage.nodeId, outage.id, root.off, at);
      }
      if (under && device.live() && root.variant == 0) feeder.out.hint(root.level == Level.AREA ? "WRONG_AREA" : "WRONG_BOX", device.id, place, null, outage.id, root.off, at);
    }
    if (root.level != Level.AREA || !root.terminalOff) return;
    FeederShape upper = feeder.shape();
    for (int area = wave.members.nextSetBit(0); area >= 0; area = wave.members.nextSetBit(area + 1)) {
      if (upper.areaIds[area].equals(outage.areaId)) continue;
      AreaEvidence other = feeder.evidenceOrNull(wave, upper.areaIds[area]);
      if (other == null || other.terminalOff() || !wave.isAreaAlive(area)) continue;
      for (Device device : other.meters()) {
        if (device.state == Device.OFF && Math.abs(device.offAtMs - outage.startMs) <= NEAR_MS) {
          feeder.out.hint("WRONG_AREA", device.id, upper.areaIds[area], outage.nodeId, outage.id, root.off, at);
        }
      }
    }
  }
}
