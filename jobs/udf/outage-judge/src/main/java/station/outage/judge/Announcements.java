package station.outage.judge;

/** Planned and controlled nodes: each published once, when its first report comes (R3, R4). */
final class Announcements {
  private static final long REMEMBERED_MS = 86_400_000;

  private final Feeder feeder;

  Announcements(Feeder feeder) {
    this.feeder = feeder;
  }

  void planned(FeederShape.Order order, Event e, long at, long now) {
    feeder.upper().plannedAt(at, feeder.p.joinMs);
    feeder.touchUpper();
    announce("PLANNED", "p-" + order.orderId(), order, e, at, now);
  }

  void controlled(FeederShape.Order cut, Event e, long at, long now) {
    announce("CONTROLLED", "c-" + cut.nodeId() + "-" + Long.toString(cut.startMs() / 1000, 36), cut, e, at, now);
  }

  private void announce(String state, String key, FeederShape.Order order, Event e, long at, long now) {
    Upper upper = feeder.upper();
    if (upper.announced.containsKey(key)) return;
    upper.announced.values().removeIf(until -> until < now);
    upper.announced.put(key, Math.max(order.endMs(), now) + REMEMBERED_MS);
    feeder.touchUpper();
    int level = levelOf(order.nodeId(), e);
    int users = level == Level.USER ? 1 : usersOf(order.nodeId(), level, e);
    feeder.out.outage(
        new OutageRow("o-" + feeder.id + "-" + key, 1, state, order.nodeId(), Level.name(level), null, feeder.id, level >= Level.AREA ? e.areaId : null, at, 0, 0, users, 1, 1, users, 0, e.deviceKind == Event.TERMINAL, 0, now, feeder.shape().version));
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
}
