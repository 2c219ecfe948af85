package station.outage.judge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The upper part of a feeder's tree: branches, areas, terminals, with the planned orders and cut-offs that explain reports. */
public final class FeederShape {
  public record Order(String orderId, String nodeId, long startMs, long endMs) {}

  public final String feederId;
  public final long version;
  public final String[] branchIds;
  public final String[] areaIds;
  /** Branch of an area, or the number of branches for an area that hangs on the feeder itself. */
  public final int[] areaBranch;
  public final String[] terminals;
  public final int[] expected;
  public final int[] users;
  public final int[] branchAreas;
  public final int[] branchTerminals;
  public final int[] branchExpected;
  public final int[] branchUsers;
  public final int feederTerminals;
  public final int feederExpected;
  public final int feederUsers;
  public final Map<String, List<Order>> planned;
  public final Map<String, List<Order>> controlled;
  private final Map<String, Integer> index = new HashMap<>();

  FeederShape(
      String feederId,
      long version,
      String[] branchIds,
      String[] areaIds,
      int[] areaBranch,
      String[] terminals,
      int[] expected,
      int[] users,
      Map<String, List<Order>> planned,
      Map<String, List<Order>> controlled) {
    this.feederId = feederId;
    this.version = version;
    this.branchIds = branchIds;
    this.areaIds = areaIds;
    this.areaBranch = areaBranch;
    this.terminals = terminals;
    this.expected = expected;
    this.users = users;
    this.planned = planned;
    this.controlled = controlled;
    int slots = branchIds.length + 1;
    branchAreas = new int[slots];
    branchTerminals = new int[slots];
    branchExpected = new int[slots];
    branchUsers = new int[slots];
    int allTerminals = 0;
    int allExpected = 0;
    int allUsers = 0;
    for (int area = 0; area < areaIds.length; area++) {
      index.put(areaIds[area], area);
      int slot = areaBranch[area];
      branchAreas[slot]++;
      branchExpected[slot] += expected[area];
      branchUsers[slot] += users[area];
      if (terminals[area] != null) branchTerminals[slot]++;
      if (terminals[area] != null) allTerminals++;
      allExpected += expected[area];
      allUsers += users[area];
    }
    feederTerminals = allTerminals;
    feederExpected = allExpected;
    feederUsers = allUsers;
  }

  public int branches() {
    return branchIds.length;
  }

  public int areas() {
    return areaIds.length;
  }

  /** Index of an area, or -1. */
  public int area(String areaId) {
    Integer at = index.get(areaId);
    return at == null ? -1 : at;
  }

  public int branch(String branchId) {
    for (int i = 0; i < branchIds.length; i++) if (branchIds[i].equals(branchId)) return i;
    return -1;
  }

  /** The planned order that explains a report at that instant, or null (R3). */
  public Order plannedOrder(long atMs, long beforeMs, long afterMs, String... nodeIds) {
    if (planned.isEmpty()) return null;
    for (String nodeId : nodeIds) {
      if (nodeId == null) continue;
      for (Order order : planned.getOrDefault(nodeId, List.of())) {
        if (atMs >= order.startMs - beforeMs && atMs <= order.endMs + afterMs) return order;
      }
    }
    return null;
  }

  /** Planned work somewhere on the feeder may have begun at that instant: a meter that the archive has elsewhere goes dark with it. */
  public boolean workBegins(long atMs, long beforeMs, long afterMs) {
    for (List<Order> orders : planned.values()) {
      for (Order order : orders) if (atMs >= order.startMs - beforeMs && atMs <= order.startMs + afterMs) return true;
    }
    return false;
  }

  /** The cut-off of a meter that explains its report, or null (R4). */
  public Order cutOff(String meterId, long atMs, long beforeMs, long afterMs) {
    if (controlled.isEmpty()) return null;
    for (Order order : controlled.getOrDefault(meterId, List.of())) {
      if (atMs >= order.startMs - beforeMs && atMs <= order.endMs + afterMs) return order;
    }
    return null;
  }
}
