package station.outage.judge;

import java.util.Map;

/**
 * The judge of one feeder (docs/domain.md 3.5, 3.7, 3.10; 3.10 wins). It keeps its own deadlines and runs those that are due
 * before it looks at an event, so its output depends on the order of a feeder's rows only, never on how far the watermark of
 * other partitions has come. Create one per call: {@code new FeederJudge(...).event(e)}.
 */
public final class FeederJudge {
  private final Feeder feeder;
  private final Header header;
  private final Verdicts verdicts;
  private final Reports reports;
  private final PendingRows pending;
  private final Store store;

  public FeederJudge(String feederId, Store store, DecodedCache cache, Parameters p, Output out) {
    this.feeder = new Feeder(feederId, store, cache, p, out);
    this.store = store;
    this.header = feeder.header;
    this.header.feederId = feederId;
    Places places = new Places(feeder);
    this.verdicts = new Verdicts(feeder, places);
    this.reports = new Reports(feeder, places, verdicts);
    this.pending = new PendingRows(feeder, store);
  }

  /** Instant at which {@link #time} wants to be called, or Long.MAX_VALUE. */
  public long dueMs() {
    return header.dueMs;
  }

  /** The feeder that a header belongs to: timers know no key. */
  public static String feederOf(byte[] header) {
    return Header.fromBytes(header).feederId;
  }

  public void event(Event e) {
    if (!header.hasTopology) {
      pending.hold(e);
      feeder.save();
      return;
    }
    accept(e);
    feeder.save();
  }

  /** Time has come to `nowMs`: every deadline up to and including it is decided. */
  public void time(long nowMs) {
    if (header.hasTopology) runDue(nowMs);
    else if (header.dueMs <= nowMs) pending.drop();
    header.nowMs = Math.max(header.nowMs, nowMs);
    feeder.touchHeader();
    feeder.save();
  }

  /** Another version of the archive, or null when the feeder was removed. */
  public void topology(String json, long atMs) {
    if (json == null) {
      remove();
      return;
    }
    boolean first = !header.hasTopology;
    for (Wave wave : feeder.replaceTopology(TopologyCodec.slice(json))) verdicts.resettled(wave, header.nowMs);
    if (first) {
      pending.take(row -> {
        accept(row);
        feeder.save();
      });
    }
    feeder.save();
  }

  private void remove() {
    if (!header.hasTopology) return;
    Upper upper = feeder.upper();
    for (Wave wave : upper.waves) verdicts.abandon(wave);
    upper.waves.clear();
    feeder.touchUpper();
    feeder.save();
    for (String key : store.topologyKeys()) {
      store.removeTopology(key);
      store.remove(key);
    }
    store.remove(Upper.KEY);
    header.hasTopology = false;
    header.upperSequence = 0;
    header.dueMs = Long.MAX_VALUE;
    feeder.forget();
    store.header(header.toBytes());
  }

  private void accept(Event e) {
    long now = e.receivedMs;
    if (now < header.nowMs) {
      feeder.count(Header.LATE);
      now = header.nowMs;
    } else {
      if (header.dueMs < now) runDue(now - 1);
      header.nowMs = now;
    }
    reports.take(e, now);
  }

  private void runDue(long untilMs) {
    while (header.dueMs <= untilMs) {
      long at = header.dueMs;
      header.nowMs = Math.max(header.nowMs, at);
      verdicts.due(at);
      feeder.touchUpper();
      feeder.save();
      if (header.dueMs <= at && header.dueMs != Long.MAX_VALUE) throw new IllegalStateException("deadline " + at + " of feeder " + feeder.id + " did not pass");
    }
  }

  /** Counters of this feeder so far, by name. */
  public void counters(Map<String, Long> into) {
    for (int i = 0; i < Header.COUNTERS.length; i++) into.merge(Header.COUNTERS[i], header.counters[i], Long::sum);
  }
}
