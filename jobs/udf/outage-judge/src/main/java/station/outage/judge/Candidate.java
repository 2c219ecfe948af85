package station.outage.judge;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleSupplier;

/** One root of the explanation that is best at present. */
final class Candidate {
  final int level;
  final String nodeId;
  final int variant;
  final String areaId;
  final String rootId;
  final String branchId;
  /** Null for a feeder or a branch. */
  final AreaEvidence evidence;
  final AreaEvidence.Root root;
  final double score;
  final boolean weak;
  /** Natural logarithm of how much likelier it is than the next best explanation; worked out when somebody asks. */
  private final DoubleSupplier lead;
  private double margin = Double.NaN;
  long startMs;
  long firstMs;
  int off;
  int expected;
  int alive;
  boolean terminalOff;
  /** Terminals that reported. */
  int terminals;
  int pings;
  int users;

  Candidate(int level, String nodeId, int variant, String areaId, String rootId, String branchId, AreaEvidence evidence, AreaEvidence.Root root, double score, boolean weak, DoubleSupplier lead) {
    this.level = level;
    this.nodeId = nodeId;
    this.variant = variant;
    this.areaId = areaId;
    this.rootId = rootId;
    this.branchId = branchId;
    this.evidence = evidence;
    this.root = root;
    this.score = score;
    this.weak = weak;
    this.lead = lead;
  }

  double probability() {
    if (Double.isNaN(margin)) margin = lead.getAsDouble();
    return Scores.posterior(margin);
  }

  boolean sameAs(Outage outage) {
    return outage.level == level && outage.variant == variant && outage.nodeId.equals(nodeId);
  }

  int reports() {
    return off + terminals;
  }

  /** Fills in what is read from the devices: when it began, and the counts that go out with it. */
  void measure(Feeder feeder, Wave wave) {
    FeederShape shape = feeder.shape();
    List<Device> devices = new ArrayList<>();
    if (evidence != null) {
      gather(evidence, devices);
      off = evidence.reportsUnder(root, false);
      expected = evidence.expectedUnder(root);
      alive = evidence.liveUnder(root);
      pings = evidence.pingsUnder(root);
      users = variant == AreaEvidence.LONE ? 1 : variant == 0 ? evidence.shape.users[root.node()] : Math.min(evidence.shape.users[root.node()], expected + evidence.shape.expected[root.node()][3]);
      terminalOff = root.node() == 0 && root.variant() == 0 && evidence.terminalOff();
      terminals = terminalOff ? 1 : 0;
    } else {
      off = expected = alive = pings = users = terminals = 0;
      for (int slot = 0; slot <= shape.branches(); slot++) {
        if (level == Level.BRANCH && !shape.branchIds[Math.min(slot, shape.branches() - 1)].equals(nodeId)) continue;
        if (level == Level.BRANCH && slot == shape.branches()) continue;
        off += wave.meterOff[slot];
        expected += shape.branchExpected[slot];
        alive += wave.areasAlive[slot];
        users += shape.branchUsers[slot];
        terminals += wave.terminalOff[slot];
      }
      terminalOff = terminals > 0;
      for (int area = wave.members.nextSetBit(0); area >= 0; area = wave.members.nextSetBit(area + 1)) {
        if (level == Level.BRANCH && !(shape.areaBranch[area] < shape.branches() && shape.branchIds[shape.areaBranch[area]].equals(nodeId))) continue;
        AreaEvidence each = feeder.evidenceOrNull(wave, shape.areaIds[area]);
        if (each == null) continue;
        gather(each, devices);
        pings += each.pings();
      }
    }
    timing(feeder, devices, wave);
  }

  private void gather(AreaEvidence from, List<Device> devices) {
    if (from.terminal != null && from.terminal.offAtMs != 0 && (root == null || from.explains(root, from.terminal))) devices.add(from.terminal);
    for (Device device : from.meters()) if (device.offAtMs != 0 && (root == null || from.explains(root, device))) devices.add(device);
  }

  /** Start = median of the instants (a third of an area may share one wrong clock); a clock that disagrees with the arrival is used only when there is no other. */
  private void timing(Feeder feeder, List<Device> devices, Wave wave) {
    startMs = wave.t0Ms();
    firstMs = wave.firstMs;
    if (devices.isEmpty()) return;
    firstMs = devices.stream().mapToLong(device -> device.receivedMs).min().getAsLong();
    List<Long> instants = instants(devices, feeder.p, feeder.p.slowestReportMs);
    // Held back more often than told by a clock that is behind.
    if (instants.isEmpty()) instants = instants(devices, feeder.p, feeder.p.oldReportMs);
    // Nothing better than the arrival.
    if (instants.isEmpty()) instants.add(firstMs - feeder.p.assumedDelayMs);
    startMs = instants.get((instants.size() - 1) / 2);
  }

  /** The instants of devices whose report took so long at most, in order. */
  private static List<Long> instants(List<Device> devices, Parameters p, long mostDelayMs) {
    List<Long> instants = new ArrayList<>(devices.size());
    for (Device device : devices) {
      long delay = device.receivedMs - device.offAtMs;
      if (delay >= -p.futureToleranceMs && delay <= mostDelayMs) instants.add(device.offAtMs);
    }
    Collections.sort(instants);
    return instants;
  }
}
