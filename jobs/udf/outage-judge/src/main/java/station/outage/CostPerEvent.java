package station.outage;

import java.util.Random;
import station.outage.judge.DecodedCache;
import station.outage.judge.Event;
import station.outage.judge.FeederJudge;
import station.outage.judge.MemoryStore;
import station.outage.judge.Output;
import station.outage.judge.OutageRow;
import station.outage.judge.Parameters;

/**
 * Microseconds of the judge per event on feeders of 500 and of 10,000 meters: the same area faults, half an hour apart, so that only the
 * size of the feeder differs. Prints one line of JSON. Argument: measured faults per feeder (default 2,000).
 */
public final class CostPerEvent {
  private static final int METERS_PER_AREA = 100;
  private static final int REPORTS = 45;

  private CostPerEvent() {}

  public static void main(String[] args) {
    int faults = args.length > 0 ? Integer.parseInt(args[0]) : 2_000;
    for (int meters : new int[] {500, 10_000}) run(meters, faults / 2, 1);
    double small = Double.MAX_VALUE;
    double large = Double.MAX_VALUE;
    for (int round = 0; round < 3; round++) {
      small = Math.min(small, run(500, faults, round + 2));
      large = Math.min(large, run(10_000, faults, round + 2));
    }
    System.out.printf("{\"microsPerEvent\":{\"500\":%.2f,\"10000\":%.2f},\"ratio\":%.3f}%n", small, large, large / small);
  }

  private static double run(int meters, int faults, int seed) {
    int areas = meters / METERS_PER_AREA;
    MemoryStore store = new MemoryStore();
    DecodedCache cache = new DecodedCache();
    Parameters p = Parameters.estimated();
    Output nothing = new Nothing();
    new FeederJudge("F", store, cache, p, nothing).topology(topology(areas), 0);
    Random random = new Random(seed);
    Event e = new Event();
    long at = 1_772_640_000_000L;
    long events = 0;
    long started = System.nanoTime();
    for (int fault = 0; fault < faults; fault++) {
      at += 1_800_000;
      int area = random.nextInt(areas);
      for (int i = 0; i < REPORTS; i++) {
        int meter = i * 2;
        e.kind = Event.OFF;
        e.deviceKind = Event.METER;
        e.areaId = "A" + area;
        e.boxId = "A" + area + "B" + meter / 2;
        e.lineId = null;
        e.deviceId = "A" + area + "M" + meter;
        e.phase = 0;
        e.occurredMs = at + random.nextInt(10_000);
        e.endedMs = Event.NONE;
        e.receivedMs = at + 20_000 + i * 500L;
        e.normal = -1;
        new FeederJudge("F", store, cache, p, nothing).event(e);
        events++;
      }
      for (int i = 0; i < REPORTS; i++) {
        e.kind = Event.ON;
        e.deviceId = "A" + area + "M" + i * 2;
        e.boxId = "A" + area + "B" + i;
        e.occurredMs = at;
        e.endedMs = at + 600_000;
        e.receivedMs = at + 620_000 + i * 500L;
        new FeederJudge("F", store, cache, p, nothing).event(e);
        events++;
      }
    }
    return (System.nanoTime() - started) / 1_000.0 / events;
  }

  /** Areas of fifty boxes with two meters each, on four branches. */
  private static String topology(int areas) {
    StringBuilder id = new StringBuilder("\"F\"");
    StringBuilder parent = new StringBuilder("-1");
    StringBuilder level = new StringBuilder("0");
    StringBuilder expected = new StringBuilder("[0,0,0,0]");
    StringBuilder users = new StringBuilder("0");
    StringBuilder terminal = new StringBuilder("null");
    int nodes = 1;
    for (int b = 0; b < 4; b++, nodes++) {
      id.append(",\"R").append(b).append('"');
      parent.append(",0");
      level.append(",1");
      expected.append(",[0,0,0,0]");
      users.append(",0");
      terminal.append(",null");
    }
    for (int a = 0; a < areas; a++) {
      int area = nodes++;
      id.append(",\"A").append(a).append('"');
      parent.append(',').append(1 + a % 4);
      level.append(",2");
      expected.append(",[0,0,0,0]");
      users.append(",0");
      terminal.append(",\"T").append(a).append('"');
      for (int box = 0; box < METERS_PER_AREA / 2; box++, nodes++) {
        id.append(",\"A").append(a).append('B').append(box).append('"');
        parent.append(',').append(area);
        level.append(",4");
        expected.append(",[2,0,0,0]");
        users.append(",2");
        terminal.append(",null");
      }
    }
    return "{\"feederId\":\"F\",\"version\":1,\"effectiveAtMs\":0,\"nodes\":{\"id\":[" + id + "],\"parent\":[" + parent + "],\"level\":[" + level + "],\"expected\":[" + expected + "],\"users\":[" + users
        + "],\"terminal\":[" + terminal + "],\"callable\":[]},\"planned\":[],\"controlled\":[]}";
  }

  private static final class Nothing implements Output {
    @Override
    public void outage(OutageRow row) {}

    @Override
    public void call(String callId, String deviceId, String outageId, long askedAtMs) {}

    @Override
    public void watch(String areaId, long untilMs, long decidedAtMs) {}

    @Override
    public void hint(String kind, String deviceId, String archiveNodeId, String proposedNodeId, String outageId, int weight, long decidedAtMs) {}

    @Override
    public void counter(String name, long value, long decidedAtMs) {}
  }
}
