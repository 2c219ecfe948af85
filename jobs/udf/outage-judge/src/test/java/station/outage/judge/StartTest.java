package station.outage.judge;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What came before a fault, or comes from elsewhere, does not change what the fault is. */
class StartTest {
  private static final long START = Scenario.START;

  private final Memory memory = new Memory();
  private final DecodedCache cache = new DecodedCache();
  private final Parameters p = Parameters.estimated();
  private final TreeSet<Scenario.Line> lines = new TreeSet<>((a, b) -> a.receivedMs() != b.receivedMs() ? Long.compare(a.receivedMs(), b.receivedMs()) : (a.deviceId() + a.kind()).compareTo(b.deviceId() + b.kind()));

  private void add(int kind, String device, long occurredMs, long receivedMs) {
    boolean terminal = device.endsWith("-T");
    String box = terminal ? null : device.substring(0, device.lastIndexOf('-'));
    lines.add(new Scenario.Line(kind, terminal ? Event.TERMINAL : Event.METER, device, device.substring(0, device.indexOf('-')), null, box, terminal ? 3 : 0, occurredMs, Event.NONE, receivedMs));
  }

  /** The terminal and the first meters of an area go dark at an instant. */
  private void dark(String area, boolean terminal, int boxes, long atMs) {
    if (terminal) add(Event.OFF, area + "-T", atMs, atMs + 9_000);
    for (int box = 0; box < boxes; box++) for (int meter = 0; meter < 3; meter++) add(Event.OFF, area + "-B" + box + "-M" + meter, atMs, atMs + 8_000 + 200L * (3 * box + meter));
  }

  private void report(Tree tree) {
    new FeederJudge("F", memory, cache, p, memory).topology(tree.json(), 0);
    for (Scenario.Line line : lines) new FeederJudge("F", memory, cache, p, memory).event(line.event());
  }

  private List<String> confirmed(Tree tree) {
    report(tree);
    new FeederJudge("F", memory, cache, p, memory).time(START + 600_000);
    return memory.rows.stream().filter(row -> row.state().equals("CONFIRMED")).map(OutageRow::nodeId).toList();
  }

  private static Tree feeder(int areas) {
    Tree tree = new Tree("F", 1);
    for (int area = 0; area < areas; area++) tree.area("A" + area, "F", 10, 3);
    return tree;
  }

  private void feederFaultAfter(long loneMs, long aliveMs) {
    add(Event.OFF, "A0-B9-M0", START - loneMs, START - loneMs + 15_000);
    for (int area = 1; area < 8; area++) add(Event.ALIVE, "A" + area + "-T", START - aliveMs, START - aliveMs + 1_000);
    // three terminals find no way to report any more
    for (int area = 0; area < 8; area++) dark("A" + area, area < 1 || area > 3, 2, START);
  }

  @Test
  void lifeBeforeAFeederFaultDoesNotSpeakAgainstItAfterALoneReport() {
    feederFaultAfter(50_000, 8_000);
    List<String> confirmed = confirmed(feeder(8));
    assertTrue(confirmed.equals(List.of("F")), confirmed + "");
  }

  @Test
  void aLoneReportLongBeforeAFeederFaultIsAnotherMatter() {
    feederFaultAfter(100_000, 20_000);
    List<String> confirmed = confirmed(feeder(8));
    assertTrue(confirmed.equals(List.of("F")), confirmed + "");
  }

  @Test
  void twoFaultsOfAFeederNinetySecondsApartDoNotMix() {
    dark("A0", true, 9, START - 90_000);
    for (int area = 1; area < 5; area++) add(Event.ALIVE, "A" + area + "-T", START - 30_000, START - 29_000);
    for (int area = 1; area < 5; area++) dark("A" + area, area > 2, 2, START);
    Tree tree = new Tree("F", 1).branch("R").area("A0", "F", 10, 3).area("A5", "F", 10, 3);
    for (int area = 1; area < 5; area++) tree.area("A" + area, "R", 10, 3);
    add(Event.ALIVE, "A5-T", START + 60_000, START + 61_000);
    List<String> confirmed = confirmed(tree);
    assertTrue(confirmed.equals(List.of("A0", "R")), confirmed + "");
  }

  @Test
  void aBoxThatShowedLifeBeforeTheStartIsSuspectAtOnceWhenTheStartProvesLater() {
    add(Event.OFF, "A1-B9-M0", START - 50_000, START - 35_000);
    for (int meter = 4; meter < 6; meter++) add(Event.ALIVE, "A1-B0-M" + meter, START - 8_000, START - 7_000);
    for (int meter = 0; meter < 4; meter++) add(Event.OFF, "A1-B0-M" + meter, START, START + 8_000 + meter);
    // the sixth report dates the start to its own instant; nothing more comes from A1
    add(Event.OFF, "A2-B0-M0", START, START + 9_000);
    Tree tree = new Tree("F", 1);
    for (int area = 0; area < 8; area++) tree.area("A" + area, "F", 10, 6);
    report(tree);
    assertTrue(memory.rows.stream().anyMatch(row -> row.nodeId().equals("A1-B0") && row.decidedAtMs() == START + 9_000), memory.rows + "");
  }

  @Test
  void aSingleReportThatWasHeldBackTellsWhenItBegan() {
    add(Event.OFF, "A0-B0-M0", START, START + 190_000);
    report(feeder(3));
    assertTrue(memory.rows.size() == 1 && memory.rows.get(0).startAtMs() == START, memory.rows + "");
  }

  /** A third of the meters, and the first of all, tell the time of a concentrator whose clock is behind. */
  private OutageRow areaBehindBy(long behindMs, long delayMs) {
    long[] clocks = {-behindMs, -12_000, 12_000};
    for (int box = 0; box < 9; box++) for (int meter = 0; meter < 3; meter++) add(Event.OFF, "A0-B" + box + "-M" + meter, START + clocks[meter], START + delayMs + 50 * box + meter);
    add(Event.OFF, "A0-T", START, START + delayMs + 5_000);
    assertTrue(confirmed(feeder(3)).equals(List.of("A0")), memory.rows + "");
    return memory.rows.get(memory.rows.size() - 1);
  }

  @Test
  void slowReportsAreNotTakenForOldOnesThatComeWithThem() {
    for (int meter = 0; meter < 3; meter++) add(Event.OFF, "A0-B9-M" + meter, START - 900_000, START + 118_000 + meter);
    for (int box = 0; box < 9; box++) for (int meter = 0; meter < 3; meter++) add(Event.OFF, "A0-B" + box + "-M" + meter, START, START + 120_000 + 50 * box + meter);
    add(Event.OFF, "A0-T", START, START + 125_000);
    assertTrue(confirmed(feeder(3)).equals(List.of("A0")), memory.rows + "");
  }

  @Test
  void aConcentratorWhoseClockIsBehindDoesNotDateItsArea() {
    OutageRow last = areaBehindBy(125_000, 8_000);
    assertTrue(Math.abs(last.startAtMs() - START) <= 15_000, last + "");
  }

  @Test
  void anAreaWhoseReportsAreSlowAndWhoseConcentratorIsBehindIsDatedRight() {
    OutageRow last = areaBehindBy(30_000, 110_000);
    assertTrue(Math.abs(last.startAtMs() - START) <= 15_000, last + "");
  }

  @Test
  void aRestartedConcentratorIsNoFaultOfTheBranchThatHasNoOtherArea() {
    dark("A0", false, 4, START);
    add(Event.ALIVE, "A0-T", START + 70_000, START + 71_000);
    List<String> confirmed = confirmed(new Tree("F", 1).branch("R").area("A0", "R", 10, 3).area("A1", "F", 10, 3));
    assertTrue(confirmed.isEmpty(), confirmed + "");
  }

  @Test
  void aMeterInTheWrongAreaDoesNotMakeABranchOfAnArea() {
    dark("A0", true, 9, START);
    add(Event.OFF, "A1-B0-M0", START, START + 12_000);
    List<String> confirmed = confirmed(new Tree("F", 1).branch("R").area("A0", "R", 10, 3).area("A1", "R", 10, 3).area("A2", "F", 10, 3));
    assertTrue(confirmed.equals(List.of("A0")), confirmed + "");
  }

  /** Reports of one area that all arrive so long after it went dark. */
  private List<OutageRow> areaReportedAfter(long delayMs) {
    add(Event.OFF, "A0-T", START, START + delayMs);
    for (int box = 0; box < 8; box++) for (int meter = 0; meter < 3; meter++) add(Event.OFF, "A0-B" + box + "-M" + meter, START, START + delayMs + 100 * box + meter);
    for (int area = 1; area < 3; area++) add(Event.ALIVE, "A" + area + "-T", START + 100_000, START + 101_000);
    confirmed(feeder(3));
    return memory.rows;
  }

  @Test
  void anAreaWhoseReportsComeLateIsConfirmedWhileThatCounts() {
    List<OutageRow> rows = areaReportedAfter(146_000);
    OutageRow confirmed = rows.stream().filter(row -> row.state().equals("CONFIRMED")).findFirst().orElseThrow();
    assertTrue(confirmed.nodeId().equals("A0") && confirmed.decidedAtMs() <= START + p.verdictMs, confirmed + "");
  }

  @Test
  void nothingIsConfirmedAfterAVerdictCouldCount() {
    p.verdictMs = 400_000;
    List<OutageRow> rows = areaReportedAfter(146_000);
    assertTrue(rows.stream().noneMatch(row -> row.state().equals("CONFIRMED")), rows + "");
    assertTrue(rows.stream().anyMatch(row -> row.state().equals("CANCELLED")), rows + "");
  }
}
