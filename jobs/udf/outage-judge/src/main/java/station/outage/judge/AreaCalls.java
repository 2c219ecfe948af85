package station.outage.judge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whom to ask about a suspect below its area, the most telling first (R12; docs/domain.md 3.10, 4). Pure: what is open or allowed is the
 * caller's matter.
 */
final class AreaCalls {
  static final int INSIDE = 3;
  static final int OUTSIDE = 2;

  private final Parameters p;

  AreaCalls(Parameters p) {
    this.p = p;
  }

  /**
   * A lone silent user. Itself twice, because most lone reports are false and one answer ends the matter; then everybody in its box, because
   * the box being dark is the likeliest other explanation; then itself once more.
   *
   * @param spread the calls so far lie apart by more than a reclosing takes
   */
  List<String> lone(Candidate candidate, boolean spread) {
    List<String> targets = new ArrayList<>(2);
    AreaEvidence evidence = candidate.evidence;
    Device device = evidence.find(candidate.nodeId);
    if (device == null) return targets;
    int fails = device.pingFail;
    String next = fails < 2 ? device.id : sibling(evidence, device, 0);
    if (next == null && fails < INSIDE && spread) next = device.id;
    if (next == null) next = sibling(evidence, device, 1);
    if (next == null && fails == INSIDE && !candidate.weak && candidate.probability() < p.finalProbability) next = device.id;
    if (next != null) targets.add(next);
    else beside(evidence, device.node, device.id, targets);
    return targets;
  }

  /** Another meter of the same box that was asked so many times without an answer. */
  private static String sibling(AreaEvidence evidence, Device device, int times) {
    if (evidence.shape.level[device.node] != Level.BOX) return null;
    for (String id : evidence.shape.callable[device.node]) {
      if (id.equals(device.id)) continue;
      Device known = evidence.find(id);
      if (known == null ? times == 0 : !known.live() && !known.reported() && known.pingFail == times) return id;
    }
    return null;
  }

  /**
   * A box, a line, or one phase of a node: a reported device, then silent ones, then again whoever was asked least; and one outside. A box
   * has few devices, so each of them is asked, those of other phases too: they tell a dark phase from a dark box.
   * Of one phase of an area, those in the boxes that reported are asked: what phase a silent meter has, its answer tells.
   */
  List<String> inside(Candidate candidate, boolean spread) {
    List<String> targets = new ArrayList<>(2);
    AreaEvidence evidence = candidate.evidence;
    AreaShape shape = evidence.shape;
    boolean box = candidate.level == Level.BOX;
    int fails = evidence.failsUnder(candidate.root);
    boolean small = box || candidate.off <= 2 || evidence.expectedUnder(candidate.root) <= 3;
    double enough = small ? p.askingProbability : p.confirmProbability;
    boolean wanted = fails < 2 || (fails < (small ? 2 * INSIDE : INSIDE) && candidate.probability() < enough);
    // One report: a reclosing must not look like a dark box.
    if (candidate.off <= 1 && fails >= 2 && !spread) wanted = false;
    if (wanted) {
      String best = null;
      int bestRank = Integer.MAX_VALUE;
      List<String> devices = devicesUnder(shape, candidate.root.node(), -1);
      Set<String> near = new HashSet<>();
      boolean otherLives = false;
      for (Device device : evidence.meters()) {
        if (evidence.explains(candidate.root, device) && device.state == Device.OFF) {
          devices.add(device.id);
          if (candidate.variant > 0) near.addAll(Arrays.asList(shape.callable[device.node]));
        }
        otherLives |= candidate.variant > 0 && device.live() && device.phase != candidate.variant - 1 && shape.covers(candidate.root.node(), device.node);
      }
      for (String id : devices) {
        Device known = evidence.find(id);
        if (known != null && known.live()) continue;
        int times = known == null ? 0 : known.pingFail;
        boolean reported = known != null && known.state == Device.OFF;
        boolean other = candidate.variant > 0 && (known == null ? box || !near.contains(id) : known.phase != candidate.variant - 1);
        if (other && (!box || otherLives || times >= OUTSIDE) || times >= INSIDE) continue;
        int rank = times * 4 + (fails == 0 ? (reported ? 0 : 1) : reported ? 2 : other ? 0 : 1);
        if (rank < bestRank) {
          best = id;
          bestRank = rank;
        }
      }
      if (best != null) targets.add(best);
    }
    beside(evidence, candidate.root.node(), null, targets);
    return targets;
  }

  /** Devices near a node that should live if the node alone is dark; climbs while there is nobody. */
  private void beside(AreaEvidence evidence, int node, String except, List<String> targets) {
    AreaShape shape = evidence.shape;
    // Siblings on the node itself first (other meters of the box), then other boxes of the line, then other lines.
    int inner = except == null ? node : -1;
    for (int at = except == null ? shape.parent[node] : node; at >= 0; at = shape.parent[at]) {
      int live = 0;
      int tried = 0;
      String free = null;
      for (String id : devicesUnder(shape, at, inner)) {
        if (id.equals(except)) continue;
        Device known = evidence.find(id);
        if (known != null && known.live()) live++;
        else if (known != null && known.reported()) continue;
        else if (known != null && known.pingFail > 0) {
          tried += known.pingFail;
          if (free == null && known.pingFail < 2) free = id;
        } else if (free == null || evidence.find(free) != null) free = id;
      }
      if (live > 0) return;
      if (free != null && tried < OUTSIDE) {
        targets.add(free);
        return;
      }
      Device terminal = evidence.terminal;
      if (tried >= OUTSIDE && shape.terminalId != null && (terminal == null || terminal.state == Device.QUIET && terminal.pingFail + terminal.pingOk == 0)) {
        // Nobody answers: is the terminal on line at all?
        targets.add(shape.terminalId);
        return;
      }
      inner = at;
    }
  }

  private static List<String> devicesUnder(AreaShape shape, int node, int except) {
    List<String> devices = new ArrayList<>();
    gather(shape, node, except, devices);
    return devices;
  }

  private static void gather(AreaShape shape, int node, int except, List<String> devices) {
    if (node == except) return;
    for (String id : shape.callable[node]) devices.add(id);
    for (int child : shape.children[node]) gather(shape, child, except, devices);
  }
}
