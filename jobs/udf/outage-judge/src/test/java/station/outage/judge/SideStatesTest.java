package station.outage.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Work on site (R5) and messages of breakers. */
class SideStatesTest {
  private static final long START = Scenario.START;

  private final Parameters p = Parameters.parse("calls=true");
  private final Memory memory = new Memory();
  private final DecodedCache cache = new DecodedCache();

  private void send(int kind, int deviceKind, String device, String areaId, String boxId, long receivedMs) {
    Event e = new Scenario.Line(kind, deviceKind, device, areaId, null, boxId, 0, receivedMs, Event.NONE, receivedMs).event();
    new FeederJudge("F", memory, cache, p, memory).event(e);
  }

  private List<String> states(String node) {
    return memory.rows.stream().filter(row -> row.nodeId().equals(node)).map(OutageRow::state).toList();
  }

  @Test
  void aModuleThatWasPulledIsWorkOnSiteEvenAfterTheVerdict() {
    new FeederJudge("F", memory, cache, p, memory).topology(new Tree("F", 1).area("A0", "F", 10, 3).area("A1", "F", 10, 3).json(), 0);
    send(Event.OFF, Event.METER, "A0-B2-M1", "A0", "A0-B2", START);
    for (int i = 0; i < 30 && states("A0-B2-M1").size() < 2; i++) {
      long at = START + 62_000 + i * 8_000;
      new FeederJudge("F", memory, cache, p, memory).time(at);
      String device = memory.calls.get(memory.calls.size() - 1).split(" ")[1];
      send(device.equals("A0-B2-M1") ? Event.PING_FAIL : Event.PING_OK, Event.METER, device, "A0", "A0-B2", at + 5_000);
    }
    assertEquals(List.of("SUSPECT", "CONFIRMED"), states("A0-B2-M1"));
    send(Event.MODULE_CHANGED, Event.METER, "A0-B2-M1", "A0", "A0-B2", START + 1_200_000);
    assertEquals(List.of("SUSPECT", "CONFIRMED", "MAINTENANCE"), states("A0-B2-M1"));
  }

  @Test
  void aTripSpeaksForTheFeederAlthoughItComesBeforeAnyDevice() {
    Tree tree = new Tree("F", 1);
    for (int a = 0; a < 4; a++) tree.area("A" + a, "F", 5, 4);
    for (boolean trips : List.of(false, true)) {
      Memory own = new Memory();
      Parameters without = Parameters.estimated();
      new FeederJudge("F", own, new DecodedCache(), without, own).topology(tree.json(), 0);
      if (trips) new FeederJudge("F", own, new DecodedCache(), without, own).event(new Scenario.Line(Event.TRIP, Event.SWITCH, "F", null, null, null, 3, START, Event.NONE, START + 3_000).event());
      // one terminal of four and nobody else: too little by itself
      new FeederJudge("F", own, new DecodedCache(), without, own).event(new Scenario.Line(Event.OFF, Event.TERMINAL, "A1-T", "A1", null, null, 3, START, Event.NONE, START + 9_000).event());
      new FeederJudge("F", own, new DecodedCache(), without, own).event(new Scenario.Line(Event.OFF, Event.METER, "A2-B0-M0", "A2", null, "A2-B0", 0, START, Event.NONE, START + 12_000).event());
      assertEquals(trips, own.rows.stream().anyMatch(row -> row.level().equals("FEEDER")), own.rows + "");
      assertTrue(own.rows.stream().noneMatch(row -> row.state().equals("CONFIRMED")), "a reclosing may still be under way");
    }
  }
}
