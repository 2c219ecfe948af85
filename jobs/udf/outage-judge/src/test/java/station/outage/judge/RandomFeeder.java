package station.outage.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A small random feeder as a topology record, and the devices that hang on it. */
final class RandomFeeder {
  record Meter(String id, String areaId, String lineId, String boxId, int phase) {}

  final String id;
  final List<String> areas = new ArrayList<>();
  final List<Integer> branchOf = new ArrayList<>();
  final List<String> branches = new ArrayList<>();
  final List<Meter> meters = new ArrayList<>();
  private final StringBuilder ids = new StringBuilder();
  private final StringBuilder parents = new StringBuilder();
  private final StringBuilder levels = new StringBuilder();
  private final StringBuilder expected = new StringBuilder();
  private final StringBuilder users = new StringBuilder();
  private final StringBuilder terminals = new StringBuilder();
  private final StringBuilder callable = new StringBuilder();
  private final String prefix;
  private int nodes;

  RandomFeeder(Random random, String prefix, int mostAreas) {
    this.prefix = prefix;
    id = prefix + "F";
    node(id, -1, Level.FEEDER, new int[4], null, List.of());
    int branchCount = random.nextInt(4);
    List<Integer> parentsOfAreas = new ArrayList<>();
    parentsOfAreas.add(0);
    for (int b = 0; b < branchCount; b++) {
      branches.add(prefix + "R" + b);
      parentsOfAreas.add(node(prefix + "R" + b, 0, Level.BRANCH, new int[4], null, List.of()));
    }
    int areaCount = 1 + random.nextInt(mostAreas);
    for (int a = 0; a < areaCount; a++) {
      int where = random.nextInt(parentsOfAreas.size());
      String areaId = prefix + "A" + a;
      areas.add(areaId);
      branchOf.add(where - 1);
      int area = node(areaId, parentsOfAreas.get(where), Level.AREA, new int[4], prefix + "T" + a, List.of());
      int lines = random.nextInt(3);
      for (int l = 0; l <= lines; l++) {
        boolean direct = l == lines;
        String lineId = direct ? null : areaId + "L" + l;
        int line = direct ? area : node(lineId, area, Level.LINE, new int[4], null, List.of());
        int boxes = 1 + random.nextInt(4);
        for (int b = 0; b < boxes; b++) {
          String boxId = areaId + "L" + l + "B" + b;
          int size = 1 + random.nextInt(5);
          int[] counts = new int[4];
          List<String> ask = new ArrayList<>();
          for (int m = 0; m < size; m++) {
            int phase = random.nextInt(10) == 0 ? 3 : random.nextInt(3);
            String meterId = boxId + "M" + m;
            counts[phase]++;
            meters.add(new Meter(meterId, areaId, lineId, boxId, phase));
            if (ask.size() < 4) ask.add(meterId);
          }
          node(boxId, line, Level.BOX, counts, null, ask);
        }
      }
    }
  }

  private int node(String nodeId, int parent, int level, int[] counts, String terminal, List<String> ask) {
    String comma = nodes == 0 ? "" : ",";
    ids.append(comma).append('"').append(nodeId).append('"');
    parents.append(comma).append(parent);
    levels.append(comma).append(level);
    expected.append(comma).append('[').append(counts[0]).append(',').append(counts[1]).append(',').append(counts[2]).append(',').append(counts[3]).append(']');
    users.append(comma).append(counts[0] + counts[1] + counts[2] + counts[3]);
    terminals.append(comma).append(terminal == null ? "null" : '"' + terminal + '"');
    callable.append(comma).append('[');
    for (int i = 0; i < ask.size(); i++) callable.append(i == 0 ? "" : ",").append('"').append(ask.get(i)).append('"');
    callable.append(']');
    return nodes++;
  }

  String json(long version) {
    return "{\"feederId\":\"" + id + "\",\"version\":" + version + ",\"effectiveAtMs\":0,\"nodes\":{\"id\":[" + ids + "],\"parent\":[" + parents + "],\"level\":[" + levels + "],\"expected\":["
        + expected + "],\"users\":[" + users + "],\"terminal\":[" + terminals + "],\"callable\":[" + callable + "]},\"planned\":[],\"controlled\":[]}";
  }

  String terminalOf(int area) {
    return prefix + "T" + area;
  }
}
