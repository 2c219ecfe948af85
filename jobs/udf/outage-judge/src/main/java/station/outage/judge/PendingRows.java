package station.outage.judge;

import java.util.function.Consumer;

/** Rows of a feeder that came before its tree: kept for a while, in order, until the archive names the feeder. */
final class PendingRows {
  private static final int MOST = 20_000;
  private static final long KEEP_MS = 600_000;

  private final Feeder feeder;
  private final Header header;
  private final Store store;

  PendingRows(Feeder feeder, Store store) {
    this.feeder = feeder;
    this.header = feeder.header;
    this.store = store;
  }

  void hold(Event e) {
    if (e.kind == Event.TICK) return;
    header.nowMs = Math.max(header.nowMs, e.receivedMs);
    if (header.pending >= MOST) return;
    store.put(key(header.pending++), EventCodec.toBytes(e));
    feeder.count(Header.PENDING);
    if (header.dueMs == Long.MAX_VALUE) header.dueMs = e.receivedMs + KEEP_MS;
  }

  /** Hands them over one by one and forgets them. */
  void take(Consumer<Event> taker) {
    int count = header.pending;
    header.pending = 0;
    header.dueMs = Long.MAX_VALUE;
    header.nowMs = 0;
    feeder.touchHeader();
    Event e = new Event();
    for (int i = 0; i < count; i++) {
      byte[] blob = store.get(key(i));
      store.remove(key(i));
      if (blob == null) continue;
      EventCodec.read(blob, e);
      taker.accept(e);
    }
  }

  void drop() {
    for (int i = 0; i < header.pending; i++) store.remove(key(i));
    header.pending = 0;
    header.dueMs = Long.MAX_VALUE;
  }

  private static String key(int i) {
    return "p/" + i;
  }
}
