package station.outage.judge;

import java.util.Collection;

/** One feeder's state as the engine keeps it: a small header and two lazy maps of blobs. */
public interface Store {
  byte[] header();

  void header(byte[] bytes);

  byte[] get(String key);

  void put(String key, byte[] bytes);

  void remove(String key);

  byte[] topology(String key);

  void putTopology(String key, byte[] bytes);

  void removeTopology(String key);

  Collection<String> topologyKeys();
}
