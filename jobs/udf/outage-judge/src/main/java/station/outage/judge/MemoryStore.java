package station.outage.judge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** One feeder's state in plain maps: for the replay in virtual time, for measuring, and for tests. */
public class MemoryStore implements Store {
  private byte[] header;
  private final Map<String, byte[]> blobs = new HashMap<>();
  private final Map<String, byte[]> slices = new HashMap<>();

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

  /** Bytes of keys and values besides the tree, header included. */
  public long bytes() {
    return sizeOf(blobs) + (header == null ? 0 : header.length);
  }

  /** Bytes of keys and values of the tree. */
  public long topologyBytes() {
    return sizeOf(slices);
  }

  private static long sizeOf(Map<String, byte[]> map) {
    long bytes = 0;
    for (Map.Entry<String, byte[]> each : map.entrySet()) bytes += each.getKey().length() + each.getValue().length;
    return bytes;
  }

  /** Keys of what is kept besides the tree: shows that nothing stays behind. */
  public Collection<String> keys() {
    return new ArrayList<>(blobs.keySet());
  }
}
