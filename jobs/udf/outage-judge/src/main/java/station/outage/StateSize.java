package station.outage;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import station.outage.judge.MemoryStore;
import station.outage.judge.OutageRow;

/** How many bytes the state of all feeders takes, looked at every quarter of an hour of event time; the largest instant is kept. */
final class StateSize {
  private static final long EVERY_MS = 900_000;
  private static final Set<String> OPEN = Set.of("SUSPECT", "CONFIRMED", "RESTORED");

  private final Set<String> open = new HashSet<>();
  private long nextMs;
  private long episodeBytes;
  private long openOutages;

  void outage(OutageRow row) {
    if (OPEN.contains(row.state())) open.add(row.outageId());
    else open.remove(row.outageId());
  }

  void look(long atMs, Collection<MemoryStore> stores) {
    if (atMs < nextMs) return;
    nextMs = atMs + EVERY_MS;
    long bytes = 0;
    for (MemoryStore store : stores) bytes += store.bytes();
    if (bytes <= episodeBytes) return;
    episodeBytes = bytes;
    openOutages = open.size();
  }

  Map<String, Long> figures(Collection<MemoryStore> stores) {
    long topologyBytes = 0;
    for (MemoryStore store : stores) topologyBytes += store.topologyBytes();
    Map<String, Long> figures = new LinkedHashMap<>();
    figures.put("topologyBytes", topologyBytes);
    figures.put("episodeBytesAtMost", episodeBytes);
    figures.put("openOutagesThen", openOutages);
    return figures;
  }
}
