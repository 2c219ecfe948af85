package station.outage.judge;

/** Where decisions go. One call = one record of a topic. */
public interface Output {
  void outage(OutageRow row);

  void call(String callId, String deviceId, String outageId, long askedAtMs);

  /** Asks storage for the liveness of an area until an instant. */
  void watch(String areaId, long untilMs, long decidedAtMs);

  /** A correction proposal for the archive (docs/domain.md 2.4). */
  void hint(String kind, String deviceId, String archiveNodeId, String proposedNodeId, String outageId, int weight, long decidedAtMs);

  void counter(String name, long value, long decidedAtMs);
}
