package station.outage.judge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** State in plain maps, and the rows that a judge gave out. */
final class Memory implements Store, Output {
  byte[] header;
  final Map<String, byte[]> blobs = new HashMap<>();
  final Map<String, byte[]> slices = new HashMap<>();
  final java.util.List<OutageRow> rows = new ArrayList<>();
  final java.util.List<String> calls = new ArrayList<>();
  final java.util.List<String> hints = new ArrayList<>();
  final java.util.List<String> watches = new ArrayList<>();
  int reads;

  @Override
  public byte[] header() {
    return header;
  }

  @Override
  public void header(byte[] bytes) {
    header = bytes;
  }

  @Override
  public byte[] get(String key) {
    reads++;
    return blobs.get(key);
  }

  @Override
  public void put(String key, byte[] bytes) {
    blobs.put(key, bytes);
  }

  @Override
  public void remove(String key) {
    blobs.remove(key);
  }

  @Override
  public byte[] topology(String key) {
    return slices.get(key);
  }

  @Override
  public void putTopology(String key, byte[] bytes) {
    slices.put(key, bytes);
  }

  @Override
  public void removeTopology(String key) {
    slices.remove(key);
  }

  @Override
  public Collection<String> topologyKeys() {
    return new ArrayList<>(slices.keySet());
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
