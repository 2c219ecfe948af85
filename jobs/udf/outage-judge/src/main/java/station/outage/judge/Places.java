package station.outage.judge;

/** Which node lies under which: between outages and roots of an explanation, and between an outage and the place of a device. */
final class Places {
  private final Feeder feeder;

  Places(Feeder feeder) {
    this.feeder = feeder;
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
}
