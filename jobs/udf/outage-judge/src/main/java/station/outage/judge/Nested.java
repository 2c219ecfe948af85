package station.outage.judge;

import java.util.ArrayList;
import java.util.List;

/**
 * Faults that an outage above them hid (R14; docs/domain.md 3.10, 9): what stays dark when the supply comes back begins at the restoration.
 * With calls the boxes of a restored area are asked, the large ones first, as long as a verdict is in time; what has still said nothing
 * ten minutes after the restoration is asked once more. Without calls many silent reporters have to do.
 */
final class Nested {
  private final Feeder feeder;
  private final Parameters p;

  Nested(Feeder feeder) {
    this.feeder = feeder;
    this.p = feeder.p;
  }

  /** An outage is over: the search begins in those of its areas that have supply. */
  void restored(Wave wave, Outage outage, long now) {
    if (!p.calls || outage.level >= Level.BOX) return;
    feeder.eachArea(
        wave,
        outage,
        (evidence, root) -> {
          long backMs = backMs(evidence);
          if (backMs == 0) return;
          // The report of the terminal brought the restoration: its clock may be wrong, its way is not longer than this.
          boolean sane = backMs >= now - p.nestedMostDelayMs && backMs <= now - p.nestedLeastDelayMs;
          if (outage.level >= Level.AREA && !sane) {
            long byMeters = backByMetersMs(evidence);
            backMs = byMeters == 0 ? now - p.nestedMeanDelayMs : byMeters;
          }
          wave.searches.add(new Search(outage.id, evidence.shape.areaId, Math.max(outage.startMs, Math.min(backMs, now)), now));
        });
  }

  /** When the area had supply again: by its terminal, else by the first meters. 0 = it is not known to have. */
  private static long backMs(AreaEvidence evidence) {
    return evidence.terminal != null && evidence.terminal.state == Device.ON ? evidence.terminal.onAtMs : backByMetersMs(evidence);
  }

  /** The same by meters alone. */
  private static long backByMetersMs(AreaEvidence evidence) {
    List<Long> instants = new ArrayList<>();
    for (Device device : evidence.meters()) if (device.state == Device.ON) instants.add(device.onAtMs);
    // Meters that the archive has in a wrong area come back with another one: most of those that reported have to.
    if (instants.size() < 3 || instants.size() * 2 < evidence.offAll[0]) return 0;
    instants.sort(null);
    return instants.get((instants.size() - 1) / 2);
  }

  // ---- with calls ---------------------------------------------------------------------------------------------------

  /** The device to ask next, or null while there is none. */
  String target(Wave wave, Search search, long at) {
    if (!search.late && at >= search.backMs + p.nestedVerdictMs) return null;
    if (search.asked >= (search.late ? p.nestedCalls + p.nestedLastCalls : p.nestedCalls)) return null;
    AreaEvidence evidence = feeder.shape().area(search.areaId) < 0 ? null : feeder.evidenceOrNull(wave, search.areaId);
    Outage outer = outage(wave, search.outageId);
    if (evidence == null || outer == null) return null;
    AreaShape shape = evidence.shape;
    int root = shape.find(outer.rootId);
    int best = -1;
    int bestRank = -1;
    for (int node = 0; node < shape.size(); node++) {
      if (shape.level[node] != Level.BOX || shape.callable[node].length == 0 || evidence.onAll[node] > 0 || search.known.contains(shape.id[node])) continue;
      if (outer.areaId != null && root >= 0 && !shape.covers(root, node)) continue;
      // Areas come back one after another: a single meter may belong to one that is still dark, whatever the archive says.
      if (outer.level < Level.AREA && shape.callable[node].length < 2) continue;
      // A doubt is settled first; then the box with most meters.
      int rank = search.fails.getOrDefault(shape.id[node], 0) * 1_000 + shape.expectedAll[node];
      if (rank > bestRank) {
        best = node;
        bestRank = rank;
      }
    }
    if (best < 0) return null;
    String[] devices = shape.callable[best];
    return devices[search.fails.getOrDefault(shape.id[best], 0) % devices.length];
  }

  void answered(Wave wave, Search search, Wave.Call call, String boxId, boolean ok, long now) {
    if (boxId == null || call.askedMs() < search.sinceMs) return;
    if (ok) {
      search.known.add(boxId);
      return;
    }
    int fails = search.fails.merge(boxId, 1, Integer::sum);
    Outage outer = outage(wave, search.outageId);
    AreaEvidence evidence = feeder.evidenceOrNull(wave, search.areaId);
    int node = evidence == null ? -1 : evidence.shape.find(boxId);
    // One area in twenty hides a box, and one feeder with all its areas.
    int needed = p.nestedFails + (outer != null && outer.level < Level.AREA ? 1 : 0);
    if (outer == null || node < 0 || fails < needed || evidence.shape.users[node] == evidence.shape.users[0]) return;
    search.known.add(boxId);
    Outage inner = open(wave, outer, evidence, node, search.backMs, now);
    inner.pings = fails;
    confirm(inner, now);
  }

  /** Ten minutes are over: true when calls have still to be made. */
  boolean lastRound(Wave wave, Outage outage, long at) {
    if (!p.calls) {
      silent(wave, outage, at);
      return false;
    }
    boolean more = false;
    for (Search search : wave.searches) {
      if (!search.outageId.equals(outage.id) || search.late) continue;
      search.late = true;
      more |= target(wave, search, at) != null;
    }
    if (!more) wave.searches.removeIf(search -> search.outageId.equals(outage.id));
    return more;
  }

  private static Outage outage(Wave wave, String id) {
    for (Outage outage : wave.outages) if (outage.id.equals(id)) return outage;
    return null;
  }

  // ---- without calls ------------------------------------------------------------------------------------------------

  private void silent(Wave wave, Outage outage, long at) {
    if (outage.level >= Level.BOX) return;
    List<Outage> found = new ArrayList<>();
    feeder.eachArea(
        wave,
        outage,
        (evidence, root) -> {
          if (!backSince(evidence, at - p.closeAfterMs + 60_000)) return;
          int top = root == null ? 0 : root.node();
          for (int child : evidence.shape.children[top]) silentUnder(wave, outage, evidence, child, at, found);
        });
    for (Outage inner : found) confirm(inner, at);
  }

  /** The area has had supply long enough for every ON of it to have come. */
  private boolean backSince(AreaEvidence evidence, long limitMs) {
    int back = evidence.terminal != null && evidence.terminal.state == Device.ON && evidence.terminal.onAtMs <= limitMs ? 3 : 0;
    for (Device device : evidence.meters()) if (device.state == Device.ON && device.onAtMs <= limitMs) back++;
    return back >= 3;
  }

  private void silentUnder(Wave wave, Outage outer, AreaEvidence evidence, int node, long at, List<Outage> found) {
    int silent = evidence.offAll[node] - evidence.onAll[node];
    if (silent < p.nestedLeast) return;
    if (evidence.onAll[node] > 0 || evidence.liveAll[node] > 0) {
      for (int child : evidence.shape.children[node]) silentUnder(wave, outer, evidence, child, at, found);
      return;
    }
    long backMs = backMs(evidence);
    found.add(open(wave, outer, evidence, node, backMs == 0 ? outer.restoredMs : backMs, at));
  }

  // ---- both ---------------------------------------------------------------------------------------------------------

  private Outage open(Wave wave, Outage outer, AreaEvidence evidence, int node, long startMs, long at) {
    AreaShape shape = evidence.shape;
    Outage inner = new Outage("o-" + feeder.id + "-" + Long.toString(at / 1000, 36) + "-" + Integer.toString(feeder.header.nextOutage++, 36));
    feeder.touchHeader();
    inner.level = shape.level[node];
    inner.nodeId = inner.rootId = shape.id[node];
    inner.areaId = shape.areaId;
    inner.branchId = outer.branchId;
    inner.startMs = startMs;
    inner.firstMs = at;
    inner.off = evidence.offAll[node] - evidence.onAll[node];
    inner.expected = shape.expectedAll[node];
    inner.users = shape.users[node];
    inner.probability = p.confirmProbability;
    inner.dueMs = startMs + p.longestOutageMs;
    wave.outages.add(inner);
    return inner;
  }

  private void confirm(Outage inner, long at) {
    feeder.publish(inner, at);
    inner.state = Outage.CONFIRMED;
    inner.confirmedMs = at;
    feeder.publish(inner, at);
  }
}
