package station.outage.judge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One feeder during one call: lazily decoded state, and what has to be written back at the end. */
final class Feeder {
  final String id;
  final Parameters p;
  final Output out;
  final Header header;
  private final Store store;
  private final DecodedCache cache;
  private final DecodedCache.Entry entry;
  private final Map<String, AreaState> dirtyAreas = new LinkedHashMap<>(2);
  private boolean upperDirty;
  private boolean headerDirty;
  private Upper upper;

  Feeder(String id, Store store, DecodedCache cache, Parameters p, Output out) {
    this.id = id;
    this.store = store;
    this.cache = cache;
    this.p = p;
    this.out = out;
    this.header = Header.fromBytes(store.header());
    this.entry = cache.of(id);
  }

  FeederShape shape() {
    if (entry.shape == null) {
      entry.shape = TopologyCodec.upper(store.topology(TopologyCodec.UPPER));
      entry.silence = new double[entry.shape.branches() + 1];
      for (int area = 0; area < entry.shape.areas(); area++) {
        entry.silence[entry.shape.areaBranch[area]] += p.meters(Level.FEEDER, 0, entry.shape.expected[area]);
      }
    }
    return entry.shape;
  }

  /** What the meters of a slot's areas add to a fault above them while none has reported. */
  double[] silence() {
    shape();
    return entry.silence;
  }

  AreaShape areaShape(String areaId) {
    AreaShape shape = entry.areaShapes.get(areaId);
    if (shape == null) {
      shape = TopologyCodec.area(store.topology(TopologyCodec.areaKey(areaId)));
      entry.areaShapes.put(areaId, shape);
      cache.countAreaShape();
    }
    return shape;
  }

  Upper upper() {
    if (upper != null) return upper;
    if (entry.upper == null || entry.upper.sequence != header.upperSequence) {
      entry.upper = Upper.fromBytes(header.upperSequence == 0 ? null : store.get(Upper.KEY), shape());
    }
    upper = entry.upper;
    return upper;
  }

  AreaState area(String areaId) {
    AreaState cached = entry.areas.get(areaId);
    // Nobody has written this feeder since the copy was taken: no blob needs to be looked at.
    if (cached != null && entry.sequence == header.sequence) return cached;
    AreaState dirty = dirtyAreas.get(areaId);
    if (dirty != null) return dirty;
    byte[] blob = store.get(TopologyCodec.areaKey(areaId));
    if (blob == null) {
      if (cached == null || cached.sequence != 0) entry.areas.put(areaId, cached = new AreaState(areaId));
      return cached;
    }
    if (cached == null || cached.sequence != AreaState.sequenceOf(blob)) {
      cached = AreaState.fromBytes(blob, areaShape(areaId), p);
      entry.areas.put(areaId, cached);
    }
    return cached;
  }

  /** The evidence of an area in a wave; created when absent. */
  AreaEvidence evidence(Wave wave, String areaId) {
    return area(areaId).waves.computeIfAbsent(wave.id, key -> new AreaEvidence(areaShape(areaId), p, wave.baseMs));
  }

  /** The evidence of an area in a wave, or null. */
  AreaEvidence evidenceOrNull(Wave wave, String areaId) {
    return area(areaId).waves.get(wave.id);
  }

  void forget() {
    cache.forget(id);
  }

  void touch(AreaState area) {
    dirtyAreas.put(area.areaId, area);
  }

  void touchUpper() {
    upperDirty = true;
    for (Wave wave : upper().waves) wave.changed();
  }

  /** Only the sums of this wave changed, no outage and no call of it. */
  void touch(Wave wave) {
    upperDirty = true;
    wave.sumsChanged();
  }

  void count(int counter) {
    header.counters[counter]++;
    headerDirty = true;
  }

  void touchHeader() {
    headerDirty = true;
  }

  Wave.Share share(AreaEvidence evidence) {
    boolean off = evidence.terminalOff();
    return new Wave.Share(
        evidence.upperTerm() - p.meters(Level.FEEDER, 0, evidence.shape.expectedAll[0]),
        evidence.areaValue(),
        evidence.strays(),
        off ? 1 : 0,
        off && evidence.terminal.state == Device.ON ? 1 : 0,
        evidence.offAll[0],
        evidence.onAll[0],
        evidence.momentary() ? 1 : 0);
  }

  /** The next version of an outage goes out. */
  void publish(Outage outage, long now) {
    outage.version++;
    touchUpper();
    out.outage(outage.row(id, now, shape().version));
  }

  interface Visit {
    void at(AreaEvidence evidence, AreaEvidence.Root root);
  }

  /** The evidence of the areas under an outage; the root is null for one above the areas. */
  void eachArea(Wave wave, Outage outage, Visit visit) {
    FeederShape shape = shape();
    for (int area = wave.members.nextSetBit(0); area >= 0; area = wave.members.nextSetBit(area + 1)) {
      if (outage.areaId != null && !shape.areaIds[area].equals(outage.areaId)) continue;
      int slot = shape.areaBranch[area];
      if (outage.level == Level.BRANCH && (slot == shape.branches() || !shape.branchIds[slot].equals(outage.nodeId))) continue;
      AreaEvidence evidence = evidenceOrNull(wave, shape.areaIds[area]);
      if (evidence != null) visit.at(evidence, outage.areaId == null ? null : evidence.rootOf(outage));
    }
  }

  /** Writes back what was touched. Call once, at the end. */
  void save() {
    if (!dirtyAreas.isEmpty()) {
      header.sequence++;
      headerDirty = true;
      for (AreaState area : dirtyAreas.values()) {
        if (area.idle(header.nowMs, p)) {
          store.remove(TopologyCodec.areaKey(area.areaId));
          entry.areas.remove(area.areaId);
          continue;
        }
        area.sequence = header.sequence;
        store.put(TopologyCodec.areaKey(area.areaId), area.toBytes());
      }
      dirtyAreas.clear();
    }
    if (upperDirty) {
      header.sequence++;
      upper.sequence = header.sequence;
      header.upperSequence = header.sequence;
      header.waves = upper.waves.size();
      header.dueMs = Long.MAX_VALUE;
      for (Wave wave : upper.waves) {
        header.dueMs = Math.min(header.dueMs, wave.dueMs(p));
      }
      store.put(Upper.KEY, upper.toBytes());
      headerDirty = true;
      upperDirty = false;
    }
    if (headerDirty) {
      entry.sequence = header.sequence;
      store.header(header.toBytes());
      headerDirty = false;
    }
  }

  /**
   * Puts another version of the archive in place; evidence follows its devices by the ids of their places. Returns the waves in which
   * something has another place now or has gone.
   */
  List<Wave> replaceTopology(Map<String, byte[]> slices) {
    FeederShape older = header.hasTopology ? shape() : null;
    Upper kept = older == null ? null : upper();
    for (String key : store.topologyKeys()) {
      if (slices.containsKey(key)) continue;
      store.removeTopology(key);
    }
    slices.forEach(store::putTopology);
    entry.shape = null;
    entry.areaShapes.clear();
    header.hasTopology = true;
    headerDirty = true;
    FeederShape newer = shape();
    if (older == null) return List.of();
    for (String areaId : older.areaIds) if (newer.area(areaId) < 0) forgetArea(areaId);
    if (kept.waves.isEmpty()) return List.of();
    List<Wave> disturbed = new ArrayList<>(1);
    Resettling resettling = new Resettling(this, older, newer);
    for (int i = 0; i < kept.waves.size(); i++) {
      Wave moved = resettling.move(kept.waves.get(i));
      kept.waves.set(i, moved);
      if (resettling.disturbed()) disturbed.add(moved);
    }
    touchUpper();
    return disturbed;
  }

  /** An area left the feeder: nothing of it stays. */
  private void forgetArea(String areaId) {
    store.remove(TopologyCodec.areaKey(areaId));
    entry.areas.remove(areaId);
    dirtyAreas.remove(areaId);
  }
}
