package station.outage.judge;

import java.util.ArrayList;
import java.util.List;

/** Writes topology records by hand: nodes in order, each after its parent. */
final class Tree {
  private final String feederId;
  private final long version;
  private final List<String> ids = new ArrayList<>();
  private final List<Integer> parents = new ArrayList<>();
  private final List<Integer> levels = new ArrayList<>();
  private final List<Integer> users = new ArrayList<>();
  private final List<String> terminals = new ArrayList<>();
  private final List<List<String>> meters = new ArrayList<>();

  Tree(String feederId, long version) {
    this.feederId = feederId;
    this.version = version;
    node(feederId, null, Level.FEEDER, null, List.of());
  }

  Tree branch(String id) {
    return node(id, feederId, Level.BRANCH, null, List.of());
  }

  /** An area with boxes of so many single-phase meters: `id-B0` … with meters `id-B0-M0` …, terminal `id-T`. */
  Tree area(String id, String parent, int boxes, int size) {
    node(id, parent, Level.AREA, id + "-T", List.of());
    for (int b = 0; b < boxes; b++) box(id + "-B" + b, id, size);
    return this;
  }

  Tree box(String id, String parent, int size) {
    List<String> names = new ArrayList<>();
    for (int m = 0; m < size; m++) names.add(id + "-M" + m);
    return node(id, parent, Level.BOX, null, names);
  }

  private Tree node(String id, String parent, int level, String terminal, List<String> names) {
    ids.add('"' + id + '"');
    parents.add(parent == null ? -1 : ids.indexOf('"' + parent + '"'));
    levels.add(level);
    users.add(names.size());
    terminals.add(terminal == null ? "null" : '"' + terminal + '"');
    meters.add(names.stream().limit(4).map(name -> '"' + name + '"').toList());
    return this;
  }

  String json() {
    List<String> expected = users.stream().map(count -> "[" + count + ",0,0,0]").toList();
    return "{\"feederId\":\"" + feederId + "\",\"version\":" + version + ",\"effectiveAtMs\":0,\"nodes\":{\"id\":" + ids + ",\"parent\":" + parents + ",\"level\":" + levels + ",\"expected\":" + expected
        + ",\"users\":" + users + ",\"terminal\":" + terminals + ",\"callable\":" + meters + "},\"planned\":[],\"controlled\":[]}";
  }
}
