package station.outage.judge;

/** Small hand-made trees and reports for tests. */
final class Grids {
  private Grids() {}

  /** An area without lines: `boxes` boxes of `meters` meters on phase A. */
  static AreaShape area(String id, int boxes, int meters) {
    return build(id, boxes, new int[] {meters, 0, 0, 0});
  }

  /** An area of boxes with one meter on each phase. */
  static AreaShape phased(String id, int boxes) {
    return build(id, boxes, new int[] {1, 1, 1, 0});
  }

  /** Meters are named after their box: `A-B0-M0` …; the first four of a box can be called. */
  private static AreaShape build(String id, int boxes, int[] perBox) {
    String[] ids = new String[boxes + 1];
    int[] parent = new int[boxes + 1];
    int[] level = new int[boxes + 1];
    int[][] expected = new int[boxes + 1][4];
    int[] users = new int[boxes + 1];
    String[][] callable = new String[boxes + 1][0];
    ids[0] = id;
    parent[0] = -1;
    level[0] = Level.AREA;
    for (int i = 1; i <= boxes; i++) {
      ids[i] = id + "-B" + (i - 1);
      level[i] = Level.BOX;
      expected[i] = perBox.clone();
      for (int count : perBox) users[i] += count;
      callable[i] = new String[Math.min(4, users[i])];
      for (int meter = 0; meter < callable[i].length; meter++) callable[i][meter] = ids[i] + "-M" + meter;
    }
    return new AreaShape(id, id + "-T", ids, parent, level, expected, users, callable);
  }

  static Device off(AreaEvidence evidence, String meter, String box) {
    return off(evidence, meter, box, 0);
  }

  static Device off(AreaEvidence evidence, String meter, String box, int phase) {
    Device device = new Device(meter, phase, box, null);
    evidence.change(device, () -> device.state = Device.OFF);
    return device;
  }

  static void alive(AreaEvidence evidence, String meter, String box) {
    Device device = new Device(meter, 0, box, null);
    evidence.change(device, () -> device.alive = true);
  }

  static void terminalOff(AreaEvidence evidence) {
    Device device = new Device(evidence.shape.terminalId, Device.TERMINAL, null, null);
    evidence.change(device, () -> device.state = Device.OFF);
  }

  static void terminalAlive(AreaEvidence evidence) {
    Device device = new Device(evidence.shape.terminalId, Device.TERMINAL, null, null);
    evidence.change(device, () -> device.alive = true);
  }
}
