package station.outage.judge;

import java.util.HashMap;
import java.util.Map;

/**
 * The archive tree of one transformer area: node 0 is the area, then its lines and boxes, each parent before its children.
 * Counts are sums over the subtree. No meter is listed: reports bring their device's place.
 */
public final class AreaShape {
  public final String areaId;
  public final String terminalId;
  public final String[] id;
  public final int[] parent;
  public final int[] level;
  /** Meters expected to report, by node and phase (A, B, C, three-phase). */
  public final int[][] expected;
  public final int[] expectedAll;
  public final int[] users;
  public final int[][] children;
  public final String[][] callable;
  private final Map<String, Integer> index;

  AreaShape(String areaId, String terminalId, String[] id, int[] parent, int[] level, int[][] ownExpected, int[] ownUsers, String[][] callable) {
    int n = id.length;
    this.areaId = areaId;
    this.terminalId = terminalId;
    this.id = id;
    this.parent = parent;
    this.level = level;
    this.callable = callable;
    this.expected = new int[n][];
    this.expectedAll = new int[n];
    this.users = ownUsers.clone();
    this.index = new HashMap<>(n * 2);
    int[] childCount = new int[n];
    for (int i = 0; i < n; i++) {
      expected[i] = ownExpected[i].clone();
      index.put(id[i], i);
      if (parent[i] >= 0) childCount[parent[i]]++;
    }
    for (int i = n - 1; i > 0; i--) {
      for (int phase = 0; phase < 4; phase++) expected[parent[i]][phase] += expected[i][phase];
      users[parent[i]] += users[i];
    }
    children = new int[n][];
    for (int i = 0; i < n; i++) {
      children[i] = new int[childCount[i]];
      for (int phase = 0; phase < 4; phase++) expectedAll[i] += expected[i][phase];
    }
    for (int i = n - 1; i > 0; i--) children[parent[i]][--childCount[parent[i]]] = i;
  }

  public int size() {
    return id.length;
  }

  /** The node that a device hangs on: its box, else its line, else the area; also when the archive has moved on. */
  public int place(String boxId, String lineId) {
    Integer at = boxId == null ? null : index.get(boxId);
    if (at == null && lineId != null) at = index.get(lineId);
    return at == null ? 0 : at;
  }

  /** Index of a node of this area, or -1. */
  public int find(String nodeId) {
    Integer at = index.get(nodeId);
    return at == null ? -1 : at;
  }

  /** True when `upper` is `node` or one of its ancestors inside the area. */
  public boolean covers(int upper, int node) {
    for (int at = node; at >= 0; at = parent[at]) if (at == upper) return true;
    return false;
  }

  /** All three phases are present, so that one of them can fail alone (docs/domain.md 3.10, 7). */
  public boolean threePhase(int node) {
    int[] e = expected[node];
    return e[3] > 0 || e[0] > 0 && e[1] > 0 && e[2] > 0;
  }
}
