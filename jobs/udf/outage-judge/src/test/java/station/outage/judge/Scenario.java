package station.outage.judge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Reports of a random fault on a random feeder with some noise, in order of arrival. */
final class Scenario {
  static final long START = 1_772_640_000_000L;

  record Line(int kind, int deviceKind, String deviceId, String areaId, String lineId, String boxId, int phase, long occurredMs, long endedMs, long receivedMs) {
    Event event() {
      Event e = new Event();
      e.kind = kind;
      e.deviceKind = deviceKind;
      e.deviceId = deviceId;
      e.areaId = areaId;
      e.lineId = lineId;
      e.boxId = boxId;
      e.phase = phase;
      e.occurredMs = occurredMs;
      e.endedMs = endedMs;
      e.receivedMs = receivedMs;
      return e;
    }

    Line at(long receivedAtMs) {
      return new Line(kind, deviceKind, deviceId, areaId, lineId, boxId, phase, occurredMs, endedMs, receivedAtMs);
    }

    Line renamed(String from, String to) {
      return new Line(kind, deviceKind, swap(deviceId, from, to), swap(areaId, from, to), swap(lineId, from, to), swap(boxId, from, to), phase, occurredMs, endedMs, receivedMs);
    }

    private static String swap(String text, String from, String to) {
      return text == null ? null : to + text.substring(from.length());
    }
  }

  private Scenario() {}

  static List<Line> random(Random random, RandomFeeder feeder) {
    List<Line> lines = new ArrayList<>();
    int faults = 1 + random.nextInt(3);
    for (int f = 0; f < faults; f++) fault(random, feeder, START + random.nextInt(900_000), lines);
    for (int i = 0; i < 20; i++) {
      RandomFeeder.Meter m = feeder.meters.get(random.nextInt(feeder.meters.size()));
      long at = START + random.nextInt(1_200_000);
      if (random.nextInt(4) == 0) meter(lines, Event.OFF, m, at - 20_000, Event.NONE, at);
      else meter(lines, Event.ALIVE, m, at, Event.NONE, at);
    }
    for (int a = 0; a < feeder.areas.size(); a++) {
      if (random.nextInt(3) == 0) continue;
      long at = START + random.nextInt(1_200_000);
      terminal(lines, Event.ALIVE, feeder, a, at, Event.NONE, at);
    }
    lines.sort(Comparator.comparingLong(Line::receivedMs));
    return lines;
  }

  private static void fault(Random random, RandomFeeder feeder, long start, List<Line> lines) {
    RandomFeeder.Meter seed = feeder.meters.get(random.nextInt(feeder.meters.size()));
    int level = random.nextInt(6);
    boolean brief = random.nextInt(4) == 0;
    for (RandomFeeder.Meter m : feeder.meters) {
      boolean dark =
          switch (level) {
            case Level.FEEDER -> true;
            case Level.BRANCH -> feeder.branchOf.get(feeder.areas.indexOf(m.areaId())).equals(feeder.branchOf.get(feeder.areas.indexOf(seed.areaId())));
            case Level.AREA -> m.areaId().equals(seed.areaId());
            case Level.LINE -> m.areaId().equals(seed.areaId()) && java.util.Objects.equals(m.lineId(), seed.lineId());
            case Level.BOX -> m.boxId().equals(seed.boxId());
            default -> m.id().equals(seed.id());
          };
      if (!dark || random.nextInt(10) < 3) continue;
      long at = start + random.nextInt(15_000) - 5_000;
      meter(lines, Event.OFF, m, at, Event.NONE, start + 15_000 + random.nextInt(60_000));
      if (brief) meter(lines, Event.ON, m, at, at + 20_000, start + 100_000 + random.nextInt(60_000));
      else if (random.nextInt(3) == 0) meter(lines, Event.ON, m, at, at + 700_000, start + 760_000 + random.nextInt(60_000));
    }
    if (level > Level.AREA) return;
    for (int a = 0; a < feeder.areas.size(); a++) {
      boolean dark = level == Level.FEEDER || level == Level.AREA && feeder.areas.get(a).equals(seed.areaId()) || level == Level.BRANCH && feeder.branchOf.get(a).equals(feeder.branchOf.get(feeder.areas.indexOf(seed.areaId())));
      if (!dark || random.nextInt(6) == 0) continue;
      terminal(lines, Event.OFF, feeder, a, start + random.nextInt(4_000), Event.NONE, start + 8_000 + random.nextInt(5_000));
      if (brief) terminal(lines, Event.ON, feeder, a, start, start + 20_000, start + 90_000);
    }
  }

  static void meter(List<Line> lines, int kind, RandomFeeder.Meter m, long occurredMs, long endedMs, long receivedMs) {
    lines.add(new Line(kind, Event.METER, m.id(), m.areaId(), m.lineId(), m.boxId(), m.phase(), occurredMs, endedMs, receivedMs));
  }

  static void terminal(List<Line> lines, int kind, RandomFeeder feeder, int area, long occurredMs, long endedMs, long receivedMs) {
    lines.add(new Line(kind, Event.TERMINAL, feeder.terminalOf(area), feeder.areas.get(area), null, null, 3, occurredMs, endedMs, receivedMs));
  }
}
