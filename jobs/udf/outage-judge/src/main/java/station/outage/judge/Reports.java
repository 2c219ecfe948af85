package station.outage.judge;

/** What one row changes: the evidence of its area in the wave that it belongs to, and then the verdicts. */
final class Reports {
  private static final long ABSURD_METER_MS = 180L * 86_400_000;
  private static final long ABSURD_TERMINAL_MS = 7L * 86_400_000;

  private final Feeder feeder;
  private final Parameters p;
  private final Header header;
  private final Places places;
  private final Belonging belonging;
  private final Announcements announcements;
  private final Verdicts verdicts;

  Reports(Feeder feeder, Places places, Verdicts verdicts) {
    this.feeder = feeder;
    this.p = feeder.p;
    this.header = feeder.header;
    this.places = places;
    this.belonging = new Belonging(feeder, places);
    this.announcements = new Announcements(feeder);
    this.verdicts = verdicts;
  }

  /** A row at the feeder's time `now`. */
  void take(Event e, long now) {
    if (e.kind == Event.TICK) return;
    if (e.kind == Event.ALIVE) {
      // By far the most rows: nothing is open, nothing is read.
      if (header.waves > 0) alive(e, now);
      return;
    }
    feeder.touchHeader();
    if (e.deviceKind == Event.SWITCH) {
      if (e.kind == Event.TRIP) trip(e, now);
      return;
    }
    int area = e.areaId == null ? -1 : feeder.shape().area(e.areaId);
    if (area < 0) {
      feeder.count(Header.UNKNOWN_AREA);
      return;
    }
    switch (e.kind) {
      case Event.OFF -> off(e, area, now);
      case Event.ON -> on(e, area, now);
      case Event.PING_OK, Event.PING_FAIL -> ping(e, area, now);
      case Event.MODULE_CHANGED -> moduleChanged(e, area, now);
      default -> {}
    }
  }

  /** When the device lost power, as far as its clock can be believed; NONE for a report too old to open anything. */
  private long offInstant(Event e, long occurredMs) {
    if (occurredMs == Event.NONE) return e.receivedMs - p.assumedDelayMs;
    long age = e.receivedMs - occurredMs;
    long absurd = e.deviceKind == Event.TERMINAL ? ABSURD_TERMINAL_MS : ABSURD_METER_MS;
    if (age < -p.futureToleranceMs || age > absurd) {
      feeder.count(Header.CLOCK);
      return e.receivedMs - p.assumedDelayMs;
    }
    return occurredMs;
  }

  private void off(Event e, int area, long now) {
    FeederShape shape = feeder.shape();
    AreaState state = feeder.area(e.areaId);
    long at = offInstant(e, e.occurredMs);
    if (state.repeated(e.deviceId, Event.OFF, at, now, p)) {
      feeder.count(Header.DUPLICATE);
      return;
    }
    feeder.touch(state);
    if (explained(e, area, at, now, state)) return;
    boolean old = e.receivedMs - at > p.oldReportMs;
    Wave wave = belonging.of(e, area, at, now);
    long claimed = at;
    boolean first = wave == null;
    if (first) {
      long ageMs = at == e.occurredMs ? e.receivedMs - at : Long.MAX_VALUE;
      // Where an old outage is being told of, a report without a believable time belongs to that one.
      if (old || ageMs > p.slowestReportMs && state.tellsOfOld(now, p)) {
        if (old) state.toldOfOld(now);
        feeder.count(Header.OLD);
        return;
      }
      if (ageMs > p.promptMs) at = e.receivedMs - p.assumedDelayMs;
      wave = new Wave(header.nextWave++, at, now, shape);
      wave.tripped = feeder.upper().trippedMs != 0 && Math.abs(at - feeder.upper().trippedMs) <= p.joinMs;
      feeder.upper().waves.add(wave);
    }
    feeder.count(Header.ACCEPTED);
    boolean believed = Math.abs(at - wave.baseMs) <= p.joinMs;
    // The first of all may be a message held back or a clock that is behind: what it claims counts while nobody else reports (Candidate).
    long offAt = first ? claimed : believed ? at : wave.t0Ms();
    if (believed) wave.report(at);
    boolean forgotten = believed && wave.startMoved() && forgetSigns(wave);
    change(wave, state, area, e, device -> {
      // It has said already that it came back: this OFF was held up on its way.
      if ((device.state == Device.ON || device.state == Device.MOMENTARY) && device.onAtMs >= offAt) return;
      device.state = Device.OFF;
      device.alive = false;
      device.offAtMs = offAt;
      device.onAtMs = 0;
      device.receivedMs = now;
      device.weak = e.normal == 0;
    });
    if (e.deviceKind == Event.TERMINAL) wave.unsign(area, shape.areaBranch[area]);
    verdicts.changed(wave, area, now);
    if (forgotten) verdicts.resettled(wave, now);
  }

  /** A lone report, or another fault, came before the one that reports now: who lived until then may be dark since. True when areas said so. */
  private boolean forgetSigns(Wave wave) {
    FeederShape shape = feeder.shape();
    long untilMs = wave.t0Ms() + p.aliveAfterMs;
    wave.forgetSigns(untilMs, shape, p);
    boolean forgotten = false;
    for (int area = wave.members.nextSetBit(0); area >= 0; area = wave.members.nextSetBit(area + 1)) {
      AreaEvidence evidence = feeder.evidenceOrNull(wave, shape.areaIds[area]);
      if (evidence == null) continue;
      Wave.Share before = feeder.share(evidence);
      if (!evidence.forgetSigns(untilMs)) continue;
      wave.account(shape.areaBranch[area], before, feeder.share(evidence));
      feeder.touch(feeder.area(shape.areaIds[area]));
      forgotten = true;
    }
    return forgotten;
  }

  /** R3, R4, R5: reports that are no faults, each announced once. */
  private boolean explained(Event e, int area, long at, long now, AreaState state) {
    FeederShape shape = feeder.shape();
    int slot = shape.areaBranch[area];
    String branchId = slot < shape.branches() ? shape.branchIds[slot] : null;
    FeederShape.Order order = shape.plannedOrder(at, p.plannedBeforeMs, p.plannedAfterMs, e.deviceId, e.boxId, e.lineId, e.areaId, branchId, feeder.id);
    // A clock that is wrong by minutes: the arrival tells as well.
    if (order == null && Math.abs(e.receivedMs - at) > p.promptMs) order = shape.plannedOrder(e.receivedMs - p.assumedDelayMs, p.plannedBeforeMs, p.plannedAfterMs, e.deviceId, e.boxId, e.lineId, e.areaId, branchId, feeder.id);
    if (order != null) {
      feeder.count(Header.PLANNED);
      announcements.planned(order, e, at, now);
      return true;
    }
    FeederShape.Order cut = e.deviceKind == Event.METER ? shape.cutOff(e.deviceId, at, p.futureToleranceMs + 60_000, p.plannedAfterMs) : null;
    if (cut != null) {
      feeder.count(Header.CONTROLLED);
      announcements.controlled(cut, e, at, now);
      return true;
    }
    if (state.workNear(e.deviceId, at, p)) {
      feeder.count(Header.MAINTENANCE);
      return true;
    }
    return false;
  }

  private interface Mutation {
    void apply(Device device);
  }

  private void change(Wave wave, AreaState state, int area, Event e, Mutation mutation) {
    AreaEvidence evidence = feeder.evidence(wave, e.areaId);
    boolean member = wave.members.get(area);
    Wave.Share before = member ? feeder.share(evidence) : Wave.Share.NOTHING;
    Device known = evidence.find(e.deviceId);
    Device device = known != null ? known : new Device(e.deviceId, e.deviceKind == Event.TERMINAL ? Device.TERMINAL : e.phase, e.boxId, e.lineId);
    evidence.change(device, () -> mutation.apply(device));
    wave.members.set(area);
    wave.account(feeder.shape().areaBranch[area], before, feeder.share(evidence));
    feeder.touch(state);
    feeder.touch(wave);
    if (!member) feeder.out.watch(e.areaId, header.nowMs + p.watchMs, header.nowMs);
  }

  private void on(Event e, int area, long now) {
    AreaState state = feeder.area(e.areaId);
    long onAt = e.endedMs;
    if (onAt == Event.NONE || onAt > e.receivedMs + p.futureToleranceMs || e.receivedMs - onAt > ABSURD_TERMINAL_MS) onAt = e.receivedMs - p.assumedDelayMs;
    if (state.repeated(e.deviceId, Event.ON, onAt, now, p)) {
      feeder.count(Header.DUPLICATE);
      return;
    }
    feeder.touch(state);
    Wave wave = null;
    Device device = null;
    for (int i = feeder.upper().waves.size() - 1; i >= 0 && wave == null; i--) {
      Wave each = feeder.upper().waves.get(i);
      if (!each.members.get(area)) continue;
      AreaEvidence evidence = feeder.evidenceOrNull(each, e.areaId);
      Device known = evidence == null ? null : evidence.find(e.deviceId);
      if (known != null && known.state == Device.OFF) {
        wave = each;
        device = known;
      }
    }
    // Both instants come from one clock: their difference is right even where they are not.
    boolean bothTimes = e.occurredMs != Event.NONE && e.endedMs != Event.NONE && e.endedMs >= e.occurredMs;
    String former = wave == null ? belonging.formerArea(e) : null;
    if (former != null) {
      String present = e.areaId;
      e.areaId = former;
      on(e, feeder.shape().area(former), now);
      e.areaId = present;
      return;
    }
    if (wave == null) {
      wave = belonging.ofLostOff(e, area, onAt, now);
      if (wave == null) {
        if (bothTimes && e.endedMs - e.occurredMs > p.oldReportMs) state.toldOfOld(now);
        feeder.count(Header.UNMATCHED_ON);
        return;
      }
    }
    feeder.count(Header.ACCEPTED);
    long offAt = device != null ? device.offAtMs : Math.abs(e.occurredMs - wave.t0Ms()) <= p.joinMs ? e.occurredMs : wave.t0Ms();
    long lengthMs = bothTimes ? e.endedMs - e.occurredMs : onAt - offAt;
    long restoredAt = Math.max(onAt, offAt);
    boolean live = onAt > wave.t0Ms() + p.aliveAfterMs;
    // An outage longer than the time since this wave began is another one: the report that opened it was an old one with a wrong clock.
    boolean older = bothTimes && now <= wave.freezeMs(p) && lengthMs > e.receivedMs - offAt + p.joinMs;
    boolean unknown = device == null && e.occurredMs == Event.NONE && !places.isDark(wave, e, area, false);
    if (older) state.toldOfOld(now);
    change(wave, state, area, e, d -> {
      if (older || unknown && lengthMs >= p.momentaryMs) {
        // Tells of supply now, not of when it went.
        if (d.state == Device.OFF) {
          d.state = Device.QUIET;
          d.offAtMs = 0;
          d.receivedMs = 0;
        }
        if (live) {
          d.alive = true;
          d.onAtMs = restoredAt;
        }
        return;
      }
      if (d.state == Device.QUIET) d.receivedMs = now;
      d.state = lengthMs < p.momentaryMs ? Device.MOMENTARY : Device.ON;
      d.offAtMs = offAt;
      d.onAtMs = restoredAt;
    });
    verdicts.changed(wave, area, now);
    verdicts.restored(wave, area, now);
  }

  private void alive(Event e, long now) {
    int area = e.areaId == null ? -1 : feeder.shape().area(e.areaId);
    if (area < 0) return;
    long instant = e.occurredMs == Event.NONE || e.occurredMs > e.receivedMs || e.receivedMs - e.occurredMs > p.oldReportMs ? e.receivedMs : e.occurredMs;
    for (Wave wave : feeder.upper().waves) liveSign(wave, e, area, instant, now);
  }

  private void liveSign(Wave wave, Event e, int area, long instant, long now) {
    boolean terminal = e.deviceKind == Event.TERMINAL;
    boolean member = wave.members.get(area);
    if (instant <= wave.t0Ms() + p.aliveAfterMs) return;
    boolean frozen = now > wave.freezeMs(p);
    if (!member) {
      if (frozen || !wave.sign(area, feeder.shape().areaBranch[area], terminal, instant, p)) return;
      feeder.count(Header.ALIVE);
      feeder.touch(wave);
      verdicts.changedAbove(wave, now);
      return;
    }
    AreaState state = feeder.area(e.areaId);
    AreaEvidence evidence = feeder.evidenceOrNull(wave, e.areaId);
    Device device = evidence == null ? null : evidence.find(e.deviceId);
    if (device != null && device.state == Device.OFF) {
      if (instant <= device.offAtMs + (terminal ? p.holdUpMs : p.aliveAfterMs)) return;
      // Data after its OFF: it has supply again.
      int next = frozen || instant - device.offAtMs >= p.confirmAboveBoxMs ? Device.ON : Device.MOMENTARY;
      feeder.count(Header.ALIVE);
      change(wave, state, area, e, d -> {
        d.state = next;
        d.onAtMs = instant;
      });
      verdicts.changed(wave, area, now);
      verdicts.restored(wave, area, now);
      return;
    }
    if (frozen || device != null && (device.alive || device.state != Device.QUIET)) return;
    feeder.count(Header.ALIVE);
    change(wave, state, area, e, d -> {
      d.alive = true;
      d.onAtMs = instant;
    });
    wave.sign(area, feeder.shape().areaBranch[area], terminal, instant, p);
    verdicts.changed(wave, area, now);
  }

  private void trip(Event e, long now) {
    // A breaker of the feeder itself: a second opinion at feeder level (docs/domain.md 3.1).
    if (e.areaId != null) return;
    feeder.upper().trippedMs = now;
    feeder.touchUpper();
    for (Wave wave : feeder.upper().waves) {
      if (Math.abs(now - wave.t0Ms()) > 2 * p.joinMs || wave.tripped) continue;
      wave.tripped = true;
      feeder.touchUpper();
      verdicts.changedAbove(wave, now);
    }
  }

  private void moduleChanged(Event e, int area, long now) {
    AreaState state = feeder.area(e.areaId);
    state.workOn(e.deviceId, e.occurredMs == Event.NONE ? now : Math.min(now, e.occurredMs), p);
    feeder.touch(state);
    for (Wave wave : feeder.upper().waves) {
      if (!wave.members.get(area)) continue;
      AreaEvidence evidence = feeder.evidenceOrNull(wave, e.areaId);
      Device device = evidence == null ? null : evidence.find(e.deviceId);
      if (device == null || !device.reported()) continue;
      feeder.count(Header.MAINTENANCE);
      if (now > wave.freezeMs(p)) {
        if (now - device.offAtMs <= p.maintenanceMs) verdicts.maintained(wave, e.deviceId, evidence.shape.id[device.node], now);
        continue;
      }
      change(wave, state, area, e, d -> d.state = Device.MAINTENANCE);
      verdicts.maintained(wave, e.deviceId, evidence.shape.id[device.node], now);
      verdicts.changed(wave, area, now);
    }
  }

  private void ping(Event e, int area, long now) {
    boolean ok = e.kind == Event.PING_OK;
    for (Wave wave : feeder.upper().waves) {
      Wave.Call open = null;
      for (Wave.Call call : wave.calls) if (call.deviceId().equals(e.deviceId)) open = call;
      if (open == null) continue;
      wave.calls.remove(open);
      feeder.touchUpper();
      Search search = wave.search(open);
      if (search != null) {
        verdicts.searched(wave, search, open, e.boxId, ok, now);
        continue;
      }
      if (now > wave.freezeMs(p)) {
        verdicts.answered(wave, open, ok, area, now);
        continue;
      }
      AreaState state = feeder.area(e.areaId);
      change(wave, state, area, e, d -> {
        if (ok) {
          d.pingOk++;
          if (d.state == Device.OFF) d.state = Device.REFUTED;
          if (d.live()) d.onAtMs = now;
        } else d.pingFail++;
      });
      if (ok && e.deviceKind == Event.TERMINAL) wave.sign(area, feeder.shape().areaBranch[area], true, now, p);
      verdicts.answered(wave, open, ok, area, now);
    }
  }
}
