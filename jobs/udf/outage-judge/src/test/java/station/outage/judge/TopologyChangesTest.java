package station.outage.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The archive changes while outages are open (issue 4, point 5). */
class TopologyChangesTest {
  private static final long START = Scenario.START;
  private static final long HOUR = 3_600_000;

  private final Parameters p = Parameters.estimated();
  private final Memory memory = new Memory();
  private final DecodedCache cache = new DecodedCache();

  private FeederJudge judge() {
    return new FeederJudge("F", memory, cache, p, memory);
  }

  /** Two branches; areas A0, A1 on R0, A2, A3 on R1; six boxes of four meters each. */
  private static Tree feeder(long version) {
    return new Tree("F", version).branch("R0").branch("R1").area("A0", "R0", 6, 4).area("A1", "R0", 6, 4).area("A2", "R1", 6, 4).area("A3", "R1", 6, 4);
  }

  private void meter(int kind, String areaId, String boxId, int meter, long occurredMs, long endedMs, long receivedMs) {
    judge().event(new Scenario.Line(kind, Event.METER, boxId + "-M" + meter, areaId, null, boxId, 0, occurredMs, endedMs, receivedMs).event());
  }

  private void terminal(int kind, String areaId, long occurredMs, long endedMs, long receivedMs) {
    judge().event(new Scenario.Line(kind, Event.TERMINAL, areaId + "-T", areaId, null, null, 3, occurredMs, endedMs, receivedMs).event());
  }

  private void boxOff(String areaId, String boxId) {
    for (int m = 0; m < 4; m++) meter(Event.OFF, areaId, boxId, m, START, Event.NONE, START + 40_000 + m);
  }

  private void boxOn(String areaId, String boxId) {
    for (int m = 0; m < 4; m++) meter(Event.ON, areaId, boxId, m, START, START + HOUR, START + HOUR + 40_000 + m);
  }

  private void areaOff(String areaId) {
    terminal(Event.OFF, areaId, START, Event.NONE, START + 9_000);
    for (int b = 0; b < 6; b++) for (int m = 0; m < 2; m++) meter(Event.OFF, areaId, areaId + "-B" + b, m, START, Event.NONE, START + 12_000 + b * 10 + m);
  }

  private void areaOn(String areaId) {
    terminal(Event.ON, areaId, START, START + HOUR, START + HOUR + 60_000);
    for (int b = 0; b < 6; b++) for (int m = 0; m < 4; m++) meter(Event.ON, areaId, areaId + "-B" + b, m, START, START + HOUR, START + HOUR + 200_000 + b * 10 + m);
  }

  private void finish() {
    judge().time(START + 10L * 86_400_000);
  }

  private static <T> T last(List<T> list) {
    return list.get(list.size() - 1);
  }

  private List<String> told() {
    return memory.rows.stream().map(row -> row.state() + " " + row.nodeId()).toList();
  }

  @Test
  void anOutageSurvivesAVersionWithTheSameNodes() {
    Memory undisturbed = new Memory();
    FeederJudge other = new FeederJudge("F", undisturbed, new DecodedCache(), p, undisturbed);
    other.topology(feeder(1).json(), 0);
    judge().topology(feeder(1).json(), 0);
    boxOff("A0", "A0-B2");
    for (int m = 0; m < 4; m++) new FeederJudge("F", undisturbed, new DecodedCache(), p, undisturbed).event(new Scenario.Line(Event.OFF, Event.METER, "A0-B2-M" + m, "A0", null, "A0-B2", 0, START, Event.NONE, START + 40_000 + m).event());
    judge().topology(feeder(2).json(), 0); // while suspected
    judge().time(START + 250_000);
    judge().topology(feeder(3).json(), 0); // while confirmed
    boxOn("A0", "A0-B2");
    for (int m = 0; m < 4; m++) new FeederJudge("F", undisturbed, new DecodedCache(), p, undisturbed).event(new Scenario.Line(Event.ON, Event.METER, "A0-B2-M" + m, "A0", null, "A0-B2", 0, START, START + HOUR, START + HOUR + 40_000 + m).event());
    finish();
    new FeederJudge("F", undisturbed, new DecodedCache(), p, undisturbed).time(START + 10L * 86_400_000);
    assertEquals(List.of("CONFIRMED", "RESTORED", "CLOSED"), memory.rows.stream().map(OutageRow::state).filter(state -> !state.equals("SUSPECT")).toList());
    assertEquals(undisturbed.rows.stream().map(row -> row.outageId() + row.version() + row.state() + row.nodeId() + row.startAtMs() + row.decidedAtMs()).toList(),
        memory.rows.stream().map(row -> row.outageId() + row.version() + row.state() + row.nodeId() + row.startAtMs() + row.decidedAtMs()).toList());
    assertEquals(3, last(memory.rows).topologyVersion());
  }

  @Test
  void anAreaMovedToAnotherBranchTakesItsOutageAlong() {
    judge().topology(feeder(1).json(), 0);
    areaOff("A1");
    judge().time(START + 290_000);
    assertEquals("CONFIRMED A1", last(told()));
    judge().topology(new Tree("F", 2).branch("R0").branch("R1").area("A0", "R0", 6, 4).area("A2", "R1", 6, 4).area("A3", "R1", 6, 4).area("A1", "R1", 6, 4).json(), 0);
    areaOn("A1");
    finish();
    assertEquals(List.of("CONFIRMED A1", "RESTORED A1", "CLOSED A1"), told().subList(told().size() - 3, told().size()));
  }

  @Test
  void anAreaMovedToAnotherFeederEndsItsOutageHereAndLeavesNothingBehind() {
    judge().topology(feeder(1).json(), 0);
    areaOff("A1");
    judge().time(START + 290_000);
    judge().topology(new Tree("F", 2).branch("R0").branch("R1").area("A0", "R0", 6, 4).area("A2", "R1", 6, 4).area("A3", "R1", 6, 4).json(), 0);
    assertEquals("CLOSED A1", last(told()));
    assertEquals(2, last(memory.rows).topologyVersion());
    assertTrue(memory.keys().stream().noneMatch(key -> key.contains("A1")), memory.keys() + "");
    assertTrue(memory.topologyKeys().stream().noneMatch(key -> key.contains("A1")));
    // its reports belong to the other feeder from now on: here they are counted, not used
    int before = memory.rows.size();
    areaOn("A1");
    finish();
    assertEquals(before, memory.rows.size());
    // the other feeder learns of it with its new tree and judges what comes there
    Memory there = new Memory();
    new FeederJudge("G", there, new DecodedCache(), p, there).topology(new Tree("G", 1).area("A1", "G", 6, 4).area("A9", "G", 6, 4).json(), 0);
    for (int m = 0; m < 4; m++) new FeederJudge("G", there, new DecodedCache(), p, there).event(new Scenario.Line(Event.OFF, Event.METER, "A1-B0-M" + m, "A1", null, "A1-B0", 0, START + 2 * HOUR, Event.NONE, START + 2 * HOUR + 40_000 + m).event());
    new FeederJudge("G", there, new DecodedCache(), p, there).time(START + 3 * HOUR);
    assertTrue(there.rows.stream().anyMatch(row -> row.state().equals("CONFIRMED") && row.nodeId().equals("A1-B0")));
  }

  @Test
  void aQuietAreaThatLeavesTheFeederLeavesNothingBehindEither() {
    judge().topology(feeder(1).json(), 0);
    meter(Event.OFF, "A1", "A1-B0", 0, START - HOUR, Event.NONE, START); // an old report: remembered, opens nothing
    assertTrue(memory.keys().stream().anyMatch(key -> key.contains("A1")));
    judge().topology(new Tree("F", 2).branch("R0").branch("R1").area("A0", "R0", 6, 4).area("A2", "R1", 6, 4).area("A3", "R1", 6, 4).json(), 0);
    assertTrue(memory.keys().stream().noneMatch(key -> key.contains("A1")), memory.keys() + "");
  }

  @Test
  void aSuspectWhoseBoxIsGoneIsCancelledAndItsReportsAreExplainedAnew() {
    judge().topology(feeder(1).json(), 0);
    boxOff("A0", "A0-B2");
    judge().topology(new Tree("F", 2).branch("R0").branch("R1").area("A0", "R0", 2, 4).area("A1", "R0", 6, 4).area("A2", "R1", 6, 4).area("A3", "R1", 6, 4).json(), 0);
    assertTrue(told().contains("CANCELLED A0-B2"), told() + "");
    finish();
    assertTrue(memory.rows.stream().noneMatch(row -> row.topologyVersion() == 2 && row.nodeId().equals("A0-B2") && !row.state().equals("CANCELLED")), told() + "");
    assertTrue(List.of("CLOSED", "CANCELLED", "MERGED", "MOMENTARY").contains(last(memory.rows).state()));
  }

  @Test
  void aConfirmedOutageWhoseBoxIsGoneIsClosed() {
    judge().topology(feeder(1).json(), 0);
    boxOff("A0", "A0-B2");
    judge().time(START + 290_000);
    assertEquals("CONFIRMED A0-B2", last(told()));
    judge().topology(new Tree("F", 2).branch("R0").branch("R1").area("A0", "R0", 2, 4).area("A1", "R0", 6, 4).area("A2", "R1", 6, 4).area("A3", "R1", 6, 4).json(), 0);
    assertTrue(told().contains("CLOSED A0-B2"), told() + "");
  }

  @Test
  void aBranchThatIsGoneClosesItsOutage() {
    judge().topology(feeder(1).json(), 0);
    areaOff("A0");
    areaOff("A1");
    for (long at = 60_000; at < 300_000; at += 60_000) for (String area : List.of("A2", "A3")) terminal(Event.ALIVE, area, START + at, Event.NONE, START + at + 1_000);
    judge().time(START + 300_000);
    assertEquals("CONFIRMED R0", last(told()));
    judge().topology(new Tree("F", 2).branch("R1").area("A0", "F", 6, 4).area("A1", "F", 6, 4).area("A2", "R1", 6, 4).area("A3", "R1", 6, 4).json(), 0);
    assertTrue(told().contains("CLOSED R0"), told() + "");
  }

  @Test
  void aMeterMovedToAnotherAreaReportsFromThereAndEndsItsOutage() {
    judge().topology(feeder(1).json(), 0);
    boxOff("A0", "A0-B2");
    judge().time(START + 290_000);
    assertEquals("CONFIRMED A0-B2", last(told()));
    judge().topology(feeder(2).json(), 0);
    for (int m = 0; m < 4; m++) judge().event(new Scenario.Line(Event.ON, Event.METER, "A0-B2-M" + m, "A3", null, "A3-B0", 0, START, START + HOUR, START + HOUR + 40_000 + m).event());
    assertEquals("RESTORED A0-B2", last(told()));
  }

  @Test
  void aFeederThatIsRemovedClosesWhatIsOpenAndFreesItsState() {
    judge().topology(feeder(1).json(), 0);
    areaOff("A1");
    judge().time(START + 290_000);
    boxOff("A3", "A3-B1");
    judge().topology(null, 0);
    assertTrue(told().contains("CLOSED A1"), told() + "");
    assertTrue(memory.rows.stream().anyMatch(row -> row.state().equals("CANCELLED") && "A3".equals(row.areaId())) || told().contains("CLOSED A3-B1"), told() + "");
    assertEquals(List.of(), List.copyOf(memory.keys()));
    assertEquals(List.of(), List.copyOf(memory.topologyKeys()));
    assertTrue(memory.header().length < 200);
    // rows that still come are kept for a while, in case a tree follows, and dropped
    boxOff("A0", "A0-B0");
    assertEquals(4, memory.keys().size());
    judge().time(START + HOUR);
    assertEquals(List.of(), List.copyOf(memory.keys()));
    // it comes back: nothing of its former life disturbs it, and no id is used twice
    judge().topology(feeder(3).json(), 0);
    long again = START + 2 * HOUR;
    for (int m = 0; m < 4; m++) meter(Event.OFF, "A0", "A0-B3", m, again, Event.NONE, again + 40_000 + m);
    judge().time(again + 290_000);
    assertEquals("CONFIRMED A0-B3", last(told()));
    assertEquals(memory.rows.size(), memory.rows.stream().map(row -> row.outageId() + "/" + row.version()).distinct().count());
  }

  @Test
  void aMeterThatGoesDarkWithAnotherBoxIsProposedForIt() {
    judge().topology(new Tree("F", 1).area("A0", "F", 30, 4).area("A1", "F", 6, 4).json(), 0);
    boxOff("A0", "A0-B2");
    meter(Event.OFF, "A0", "A0-B4", 1, START, Event.NONE, START + 40_100); // the archive has it on B4
    terminal(Event.ALIVE, "A0", START + 100_000, Event.NONE, START + 101_000);
    judge().time(START + 290_000);
    assertTrue(memory.hints.contains("WRONG_BOX A0-B4-M1 A0-B4 A0-B2"), memory.hints + " " + told());
  }

  @Test
  void aMeterThatGoesDarkWithANeighbouringAreaIsProposedForIt() {
    judge().topology(feeder(1).json(), 0);
    areaOff("A1");
    meter(Event.OFF, "A2", "A2-B4", 1, START, Event.NONE, START + 12_500); // the archive has it in A2, which lives
    for (long at = 60_000; at < 300_000; at += 60_000) {
      for (String area : List.of("A0", "A2", "A3")) terminal(Event.ALIVE, area, START + at, Event.NONE, START + at + 1_000);
    }
    judge().time(START + 300_000);
    assertTrue(told().contains("CONFIRMED A1"), told() + "");
    assertTrue(memory.hints.contains("WRONG_AREA A2-B4-M1 A2-B4 A1") || memory.hints.contains("WRONG_AREA A2-B4-M1 A2 A1"), memory.hints + "");
  }

  @Test
  void aMeterThatLivesInADarkAreaIsProposedForAnother() {
    judge().topology(feeder(1).json(), 0);
    areaOff("A1");
    meter(Event.ALIVE, "A1", "A1-B5", 3, START + 100_000, Event.NONE, START + 101_000);
    judge().time(START + 300_000);
    assertTrue(told().contains("CONFIRMED A1"), told() + "");
    assertTrue(memory.hints.stream().anyMatch(hint -> hint.startsWith("WRONG_AREA A1-B5-M3 ")), memory.hints + "");
  }
}
