package station.outage.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A topology record (docs/contracts.md 3) cut into blobs: one for the feeder's upper tree, one per area, so that an event
 * reads only what it touches.
 */
public final class TopologyCodec {
  /** Key of the upper tree; areas have keys `a/` + id. */
  public static final String UPPER = "f";
  private static final int LAYOUT = 1;

  private TopologyCodec() {}

  public static String areaKey(String areaId) {
    return "a/" + areaId;
  }

  /** Cuts the JSON of one record. Throws IllegalArgumentException for a record that is not a tree. */
  public static Map<String, byte[]> slice(String json) {
    Map<String, Object> record = Json.object(Json.parse(json));
    Map<String, Object> nodes = Json.object(record.get("nodes"));
    List<Object> ids = Json.list(nodes.get("id"));
    List<Object> parents = Json.list(nodes.get("parent"));
    List<Object> levels = Json.list(nodes.get("level"));
    List<Object> expected = Json.list(nodes.get("expected"));
    List<Object> users = Json.list(nodes.get("users"));
    List<Object> terminals = Json.list(nodes.get("terminal"));
    List<Object> callable = Json.list(nodes.get("callable"));
    int n = ids.size();
    if (n == 0) throw new IllegalArgumentException("a feeder without nodes");
    int[] parent = new int[n];
    int[] level = new int[n];
    int[] area = new int[n];
    List<Integer> areas = new ArrayList<>();
    List<Integer> branches = new ArrayList<>();
    Map<Integer, List<Integer>> inside = new HashMap<>();
    for (int i = 0; i < n; i++) {
      parent[i] = (int) Json.integer(parents.get(i));
      level[i] = (int) Json.integer(levels.get(i));
      if (parent[i] >= i || i > 0 && parent[i] < 0) throw new IllegalArgumentException("node " + ids.get(i) + " stands before its parent");
      area[i] = level[i] == Level.AREA ? i : i == 0 || level[i] < Level.AREA ? -1 : area[parent[i]];
      if (level[i] == Level.BRANCH) branches.add(i);
      if (level[i] == Level.AREA) areas.add(i);
      if (area[i] >= 0) inside.computeIfAbsent(area[i], key -> new ArrayList<>()).add(i);
    }

    Map<String, byte[]> slices = new LinkedHashMap<>();
    int[] areaExpected = new int[n];
    int[] areaUsers = new int[n];
    for (int root : areas) {
      List<Integer> members = inside.get(root);
      Map<Integer, Integer> local = new HashMap<>();
      ByteWriter out = new ByteWriter(64 * members.size());
      out.u8(LAYOUT);
      out.text((String) ids.get(root));
      out.text((String) terminals.get(root));
      out.uv(members.size());
      for (int i : members) {
        local.put(i, local.size());
        out.text((String) ids.get(i));
        out.sv(i == root ? -1 : local.get(parent[i]));
        out.u8(level[i]);
        List<Object> counts = Json.list(expected.get(i));
        for (int phase = 0; phase < 4; phase++) {
          int count = (int) Json.integer(counts.get(phase));
          areaExpected[root] += count;
          out.uv(count);
        }
        int count = (int) Json.integer(users.get(i));
        areaUsers[root] += count;
        out.uv(count);
        List<Object> devices = i < callable.size() ? Json.list(callable.get(i)) : List.of();
        out.uv(devices.size());
        for (Object device : devices) out.text((String) device);
      }
      slices.put(areaKey((String) ids.get(root)), out.toBytes());
    }

    ByteWriter out = new ByteWriter(1024);
    out.u8(LAYOUT);
    out.text((String) record.get("feederId"));
    out.uv(Json.integer(record.get("version")));
    out.uv(branches.size());
    Map<Integer, Integer> slots = new HashMap<>();
    for (int i : branches) {
      slots.put(i, slots.size());
      out.text((String) ids.get(i));
    }
    out.uv(areas.size());
    for (int i : areas) {
      out.text((String) ids.get(i));
      out.uv(slots.getOrDefault(parent[i], branches.size()));
      out.text((String) terminals.get(i));
      out.uv(areaExpected[i]);
      out.uv(areaUsers[i]);
    }
    orders(out, Json.list(record.get("planned")), "orderId", "nodeId");
    orders(out, Json.list(record.get("controlled")), "meterId", "meterId");
    slices.put(UPPER, out.toBytes());
    return slices;
  }

  private static void orders(ByteWriter out, List<Object> list, String idName, String nodeName) {
    out.uv(list.size());
    for (Object each : list) {
      Map<String, Object> order = Json.object(each);
      out.text((String) order.get(idName));
      out.text((String) order.get(nodeName));
      out.sv(Json.integer(order.get("startAtMs")));
      out.sv(Json.integer(order.get("endAtMs")));
    }
  }

  public static FeederShape upper(byte[] blob) {
    ByteReader in = new ByteReader(blob);
    in.version(LAYOUT, "topology");
    String feederId = in.text();
    long version = in.uv();
    String[] branchIds = new String[in.count()];
    for (int i = 0; i < branchIds.length; i++) branchIds[i] = in.text();
    int n = in.count();
    String[] areaIds = new String[n];
    String[] terminals = new String[n];
    int[] branch = new int[n];
    int[] expected = new int[n];
    int[] users = new int[n];
    for (int i = 0; i < n; i++) {
      areaIds[i] = in.text();
      branch[i] = (int) in.uv();
      terminals[i] = in.text();
      expected[i] = (int) in.uv();
      users[i] = (int) in.uv();
    }
    return new FeederShape(feederId, version, branchIds, areaIds, branch, terminals, expected, users, orders(in), orders(in));
  }

  private static Map<String, List<FeederShape.Order>> orders(ByteReader in) {
    Map<String, List<FeederShape.Order>> byNode = new HashMap<>();
    for (int i = in.count(); i > 0; i--) {
      FeederShape.Order order = new FeederShape.Order(in.text(), in.text(), in.sv(), in.sv());
      byNode.computeIfAbsent(order.nodeId(), key -> new ArrayList<>()).add(order);
    }
    return byNode;
  }

  public static AreaShape area(byte[] blob) {
    ByteReader in = new ByteReader(blob);
    in.version(LAYOUT, "topology");
    String areaId = in.text();
    String terminalId = in.text();
    int n = in.count();
    String[] id = new String[n];
    int[] parent = new int[n];
    int[] level = new int[n];
    int[][] expected = new int[n][4];
    int[] users = new int[n];
    String[][] callable = new String[n][];
    for (int i = 0; i < n; i++) {
      id[i] = in.text();
      parent[i] = (int) in.sv();
      level[i] = in.u8();
      for (int phase = 0; phase < 4; phase++) expected[i][phase] = (int) in.uv();
      users[i] = (int) in.uv();
      callable[i] = new String[in.count()];
      for (int k = 0; k < callable[i].length; k++) callable[i][k] = in.text();
    }
    return new AreaShape(areaId, terminalId, id, parent, level, expected, users, callable);
  }
}
