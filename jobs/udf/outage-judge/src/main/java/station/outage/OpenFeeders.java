package station.outage;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is still open over all feeders of this task: lets a replay with calls jump to the next instant that matters. Not state: after a
 * restart it fills again as feeders are touched.
 */
final class OpenFeeders {
  private record Entry(long callDueMs, int suspects) {}

  private final Map<String, Entry> entries = new HashMap<>();
  private final TreeMap<Long, Integer> dues = new TreeMap<>();
  private long suspects;
  private int outageRows;

  void set(String feederId, long callDueMs, int suspectsNow) {
    boolean gone = callDueMs == Long.MAX_VALUE && suspectsNow == 0;
    Entry before = gone ? entries.remove(feederId) : entries.put(feederId, new Entry(callDueMs, suspectsNow));
    if (before != null) {
      suspects -= before.suspects;
      if (before.callDueMs != Long.MAX_VALUE) dues.merge(before.callDueMs, -1, (a, b) -> a + b == 0 ? null : a + b);
    }
    if (gone) return;
    suspects += suspectsNow;
    if (callDueMs != Long.MAX_VALUE) dues.merge(callDueMs, 1, Integer::sum);
  }

  void countOutageRow() {
    outageRows++;
  }

  Long nextCallDueMs() {
    return dues.isEmpty() ? null : dues.firstKey();
  }

  long suspects() {
    return suspects;
  }

  /** Rows of outages since this task began. */
  int outageRows() {
    return outageRows;
  }
}
