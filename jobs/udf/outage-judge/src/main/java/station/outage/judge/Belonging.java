package station.outage.judge;

/** Which wave, that is which episode of a feeder, a report belongs to. Reads only. */
final class Belonging {
  private final Feeder feeder;
  private final Parameters p;
  private final Places places;

  Belonging(Feeder feeder, Places places) {
    this.feeder = feeder;
    this.p = feeder.p;
    this.places = places;
  }

  /**
   * The wave that a report belongs to, or null for a new one. In order: the outage that has its place dark already; a wave near
   * in time; an area that has just reported in numbers (messages held back, clocks that are wrong); for old reports a decided
   * outage of that instant.
   */
  Wave of(Event e, int area, long at, long now) {
    if (feeder.header.waves == 0 && feeder.upper().waves.isEmpty()) return null;
    long delay = e.receivedMs - at;
    boolean prompt = at == e.occurredMs && delay >= -p.futureToleranceMs && delay <= p.promptMs;
    for (Wave wave : feeder.upper().waves) {
      if (wave.members.get(area) && places.isDark(wave, e, area, prompt)) return wave;
    }
    Wave best = null;
    long bestGap = p.joinMs + 1;
    for (Wave wave : feeder.upper().waves) {
      long gap = Math.abs(at - wave.t0Ms());
      if (gap < bestGap && now <= wave.freezeMs(p)) {
        best = wave;
        bestGap = gap;
      }
    }
    if (best != null && bestGap <= p.tightJoinMs) return best;
    if (!prompt) {
      // A clock that is behind, or a message held back: the feeder may be reporting just now.
      for (Wave wave : feeder.upper().waves) {
        if (Math.abs(e.receivedMs - p.assumedDelayMs - wave.t0Ms()) <= p.tightJoinMs) return wave;
      }
    }
    for (Wave wave : feeder.upper().waves) {
      long age = now - wave.t0Ms();
      if (age < 0 || age > p.stragglerMs || !wave.members.get(area)) continue;
      AreaEvidence evidence = feeder.evidenceOrNull(wave, e.areaId);
      if (evidence == null || !prompt && age <= p.slowestReportMs) return wave;
      Device known = evidence.find(e.deviceId);
      if (evidence.reporters() >= Wave.STRAGGLERS_FROM && (known == null || known.state == Device.QUIET)) return wave;
    }
    if (best != null && (!prompt || best.members.get(area))) return best;
    // A late report of a decided outage completes its record.
    for (Wave wave : feeder.upper().waves) if (wave.members.get(area) && Math.abs(at - wave.t0Ms()) <= p.tightJoinMs) return wave;
    return null;
  }

  /** The OFF was lost: the ON rebuilds it, in a wave that is there already (R2). */
  Wave ofLostOff(Event e, int area, long onAt, long now) {
    for (Wave wave : feeder.upper().waves) {
      if (!wave.members.get(area)) continue;
      if (places.isDark(wave, e, area, false)) return wave;
      if (now > wave.freezeMs(p)) continue;
      boolean fits = e.occurredMs == Event.NONE ? onAt >= wave.t0Ms() : Math.abs(e.occurredMs - wave.t0Ms()) <= p.joinMs;
      if (fits) return wave;
    }
    return null;
  }

  /** The archive moved the device while it was off: its OFF stands where it was then. Null when there is none. */
  String formerArea(Event e) {
    for (Wave wave : feeder.upper().waves) {
      if (!wave.moved) continue;
      for (int area = wave.members.nextSetBit(0); area >= 0; area = wave.members.nextSetBit(area + 1)) {
        String areaId = feeder.shape().areaIds[area];
        AreaEvidence evidence = areaId.equals(e.areaId) ? null : feeder.evidenceOrNull(wave, areaId);
        Device known = evidence == null ? null : evidence.find(e.deviceId);
        if (known != null && known.state == Device.OFF) return areaId;
      }
    }
    return null;
  }
}
