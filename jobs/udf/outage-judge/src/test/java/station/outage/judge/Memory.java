package station.outage.judge;

import java.util.ArrayList;
import java.util.List;

/** State in plain maps, and what a judge gave out. */
class Memory extends MemoryStore implements Output {
  final List<OutageRow> rows = new ArrayList<>();
  final List<String> calls = new ArrayList<>();
  final List<String> hints = new ArrayList<>();
  final List<String> watches = new ArrayList<>();
  int reads;

  @Override
  public byte[] get(String key) {
    reads++;
    return super.get(key);
  }

  @Override
  public void outage(OutageRow row) {
    rows.add(row);
  }

  @Override
  public void call(String callId, String deviceId, String outageId, long askedAtMs) {
    calls.add(callId + " " + deviceId + " " + askedAtMs);
  }

  @Override
  public void watch(String areaId, long untilMs, long decidedAtMs) {
    watches.add(areaId);
  }

  @Override
  public void hint(String kind, String deviceId, String archiveNodeId, String proposedNodeId, String outageId, int weight, long decidedAtMs) {
    hints.add(kind + " " + deviceId + " " + archiveNodeId + " " + proposedNodeId);
  }

  @Override
  public void counter(String name, long value, long decidedAtMs) {}
}
