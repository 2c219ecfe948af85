package station.outage.judge;

/** One version of an outage (docs/contracts.md 4); instants are epoch milliseconds, 0 = null. */
public record OutageRow(
    String outageId,
    int version,
    String state,
    String nodeId,
    String level,
    String phase,
    String feederId,
    String areaId,
    long startAtMs,
    long confirmedAtMs,
    long restoredAtMs,
    int affectedUsers,
    double probability,
    int off,
    int expected,
    int alive,
    boolean terminalOff,
    int pings,
    long decidedAtMs,
    long topologyVersion) {}
