package station.outage;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What is still open over all feeders of this task: lets a replay with calls jump to the next instant that matters. */
final class OpenFeeders {
  private record Entry(long dueMs, int calls) {}

  private final Map<String, Entry> entries = new HashMap<>();
  private final TreeMap<Long, Integer> dues = new TreeMap<>();
  private long calls;

  void set(String feederId, long dueMs, int openCalls) {
    boolean gone = dueMs == Long.MAX_VALUE && openCalls == 0;
    Entry before = gone ? entries.remove(feederId) : entries.put(feederId, new Entry(dueMs, openCalls));
    if (before != null) {
      calls -= before.calls;
      if (before.dueMs != Long.MAX_VALUE) dues.merge(before.dueMs, -1, (a, b) -> a + b == 0 ? null : a + b);
    }
    if (gone) return;
    calls += openCalls;
    if (dueMs != Long.MAX_VALUE) dues.merge(dueMs, 1, Integer::sum);
  }

  Long nextDueMs() {
    return dues.isEmpty() ? null : dues.firstKey();
  }

  long calls() {
    return calls;
  }
}
