package station.outage.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

/** Whom the judge asks, and what it makes of the answers (R12, R14). Every call is answered after five seconds. */
class CallsTest {
  private static final long START = Scenario.START;
  private static final long ANSWER_MS = 5_000;

  private final Parameters p = Parameters.parse("calls=true");
  private final List<String> asked = new ArrayList<>();
  private final List<Long> askedAt = new ArrayList<>();
  private final Map<Long, List<String>> answers = new TreeMap<>();
  private final Map<String, Integer> openPerArea = new HashMap<>();
  private final DecodedCache cache = new DecodedCache();
  private final MemoryStore store = new MemoryStore();
  private boolean forgetful;
  /** Device and instant: has it supply? */
  private BiPredicate<String, Long> live = (device, at) -> true;

  private final Memory out =
      new Memory() {
        @Override
        public void call(String callId, String deviceId, String outageId, long askedAtMs) {
          asked.add(deviceId);
          askedAt.add(askedAtMs);
          answers.computeIfAbsent(askedAtMs + ANSWER_MS, at -> new ArrayList<>()).add(deviceId);
          assertEquals(1, openPerArea.merge(areaOf(deviceId), 1, Integer::sum), "a second open call behind the terminal of " + deviceId);
        }
      };

  private final List<OutageRow> rows = out.rows;

  private static String areaOf(String device) {
    return device.substring(0, device.indexOf('-'));
  }

  /** With another cache each time nothing is left but what was written. */
  private FeederJudge judge() {
    return new FeederJudge("F", store, forgetful ? new DecodedCache() : cache, p, out);
  }

  private void until(long atMs) {
    for (; ; ) {
      long due = judge().dueMs();
      long answer = answers.isEmpty() ? Long.MAX_VALUE : answers.keySet().iterator().next();
      if (Math.min(due, answer) > atMs) break;
      if (answer > due) {
        judge().time(due);
        continue;
      }
      for (String device : answers.remove(answer)) {
        openPerArea.merge(areaOf(device), -1, Integer::sum);
        boolean terminal = device.endsWith("-T");
        int kind = live.test(device, answer - ANSWER_MS) ? Event.PING_OK : Event.PING_FAIL;
        String box = terminal ? null : device.substring(0, device.lastIndexOf('-'));
        judge().event(new Scenario.Line(kind, terminal ? Event.TERMINAL : Event.METER, device, areaOf(device), null, box, terminal ? 3 : 0, answer, Event.NONE, answer).event());
      }
    }
  }

  private void send(int kind, String device, long occurredMs, long endedMs, long receivedMs) {
    until(receivedMs - 1);
    boolean terminal = device.endsWith("-T");
    String box = terminal ? null : device.substring(0, device.lastIndexOf('-'));
    judge().event(new Scenario.Line(kind, terminal ? Event.TERMINAL : Event.METER, device, areaOf(device), null, box, terminal ? 3 : 0, occurredMs, endedMs, receivedMs).event());
  }

  private List<String> told() {
    return rows.stream().map(row -> row.state() + " " + row.nodeId()).toList();
  }

  private void grid(int boxes, int size) {
    judge().topology(new Tree("F", 1).area("A0", "F", boxes, size).area("A1", "F", boxes, size).json(), 0);
  }

  @Test
  void aFalseReportCostsOneCall() {
    grid(10, 3);
    send(Event.OFF, "A0-B2-M1", START, Event.NONE, START + 40_000);
    until(START + 900_000);
    assertEquals(List.of("A0-B2-M1"), asked);
    assertEquals(List.of("SUSPECT A0-B2-M1", "CANCELLED A0-B2-M1"), told());
  }

  @Test
  void aLoneUserIsBlamedOnlyAfterItsBoxWasAsked() {
    grid(10, 3);
    live = (device, at) -> !device.equals("A0-B2-M1");
    send(Event.OFF, "A0-B2-M1", START, Event.NONE, START + 40_000);
    until(START + 900_000);
    assertTrue(asked.containsAll(List.of("A0-B2-M1", "A0-B2-M0", "A0-B2-M2")), asked + "");
    assertTrue(told().contains("CONFIRMED A0-B2-M1"), told() + "");
  }

  @Test
  void aDarkBoxThatSentOneReportIsFoundByAskingItsMeters() {
    grid(10, 3);
    live = (device, at) -> !device.startsWith("A0-B2-");
    send(Event.OFF, "A0-B2-M1", START, Event.NONE, START + 40_000);
    until(START + 900_000);
    assertEquals("CONFIRMED A0-B2", told().stream().filter(row -> row.startsWith("CONFIRMED")).reduce((a, b) -> b).orElse(""));
    assertTrue(rows.stream().filter(row -> row.state().equals("CONFIRMED")).allMatch(row -> row.decidedAtMs() <= START + 300_000));
  }

  @Test
  void aSingleReportIsNotSettledWithinAReclosing() {
    grid(10, 1);
    // everything is dark for half a minute just when the first call goes out
    live = (device, at) -> askedAt.isEmpty() || at >= askedAt.get(0) + 30_000;
    send(Event.OFF, "A0-B2-M0", START, Event.NONE, START + 40_000);
    until(START + 900_000);
    assertTrue(told().stream().noneMatch(row -> row.startsWith("CONFIRMED")), told() + "");
  }

  @Test
  void aFeederIsNotConfirmedByTerminalsThatNeverSpoke() {
    Tree tree = new Tree("F", 1);
    for (int a = 0; a < 6; a++) tree.area("A" + a, "F", 5, 4);
    judge().topology(tree.json(), 0);
    Set<String> offLine = Set.of("A4-T", "A5-T");
    live = (device, at) -> !offLine.contains(device) && !device.startsWith("A4") && !device.startsWith("A5");
    for (int a = 0; a < 4; a++) send(Event.OFF, "A" + a + "-T", START, Event.NONE, START + 9_000 + a);
    for (int a = 0; a < 4; a++) for (int b = 0; b < 3; b++) send(Event.OFF, "A" + a + "-B" + b + "-M0", START, Event.NONE, START + 12_000 + a * 10 + b);
    until(START + 900_000);
    assertTrue(told().stream().noneMatch(row -> row.equals("CONFIRMED F")), told() + "");
  }

  /** A1 goes dark and comes back after an hour; what `hidden` says stays dark. */
  private void areaWithNested(Set<String> hidden, Set<String> mute) {
    long end = START + 3_600_000;
    live = (device, at) -> !areaOf(device).equals("A1") || at < START || at >= end && hidden.stream().noneMatch(device::startsWith);
    send(Event.OFF, "A1-T", START, Event.NONE, START + 9_000);
    for (int b = 0; b < 8; b++) send(Event.OFF, "A1-B" + b + "-M0", START, Event.NONE, START + 12_000 + b);
    send(Event.ON, "A1-T", START, end, end + 70_000);
    for (int b = 0; b < 12; b++) {
      for (int m = 0; m < 3; m++) {
        String meter = "A1-B" + b + "-M" + m;
        if (hidden.stream().noneMatch(meter::startsWith) && mute.stream().noneMatch(meter::startsWith)) send(Event.ON, meter, START, end, end + 200_000 + b * 10_000 + m);
      }
    }
    until(end + 1_200_000);
  }

  @Test
  void aBoxThatStaysDarkAfterTheRestorationIsAnOutageOfItsOwn() {
    grid(12, 3);
    areaWithNested(Set.of("A1-B7-"), Set.of("A1-B4-"));
    assertTrue(told().containsAll(List.of("CONFIRMED A1", "RESTORED A1", "CONFIRMED A1-B7", "CLOSED A1")), told() + "");
    OutageRow inner = rows.stream().filter(row -> row.nodeId().equals("A1-B7")).findFirst().orElseThrow();
    assertEquals(START + 3_600_000, inner.startAtMs());
    assertTrue(inner.decidedAtMs() <= inner.startAtMs() + 300_000, "found by calls while a verdict still counts");
    assertTrue(told().stream().noneMatch(row -> row.endsWith("A1-B4")), "a box that only says nothing answers its call");
    assertTrue(told().stream().filter(row -> row.endsWith("A1-B7")).allMatch(row -> row.startsWith("SUSPECT") || row.startsWith("CONFIRMED")));
    // and it ends like any other
    long back = START + 3 * 3_600_000;
    for (int m = 0; m < 3; m++) send(Event.ON, "A1-B7-M" + m, START, back, back + 40_000 + m);
    assertEquals("RESTORED A1-B7", told().get(told().size() - 1));
  }

  @Test
  void metersDateANestedFaultWhereTheReportOfTheTerminalComesLate() {
    grid(12, 3);
    long end = START + 3_600_000;
    live = (device, at) -> !areaOf(device).equals("A1") || at < START || at >= end && !device.startsWith("A1-B7-");
    send(Event.OFF, "A1-T", START, Event.NONE, START + 9_000);
    for (int b = 0; b < 8; b++) send(Event.OFF, "A1-B" + b + "-M0", START, Event.NONE, START + 12_000 + b);
    for (int b = 0; b < 5; b++) send(Event.ON, "A1-B" + b + "-M0", START, end, end + 100_000 + b);
    send(Event.ON, "A1-T", START, end, end + 230_000);
    until(end + 1_300_000);
    assertEquals(List.of(end), rows.stream().filter(row -> row.state().equals("CONFIRMED") && row.nodeId().equals("A1-B7")).map(OutageRow::startAtMs).toList());
  }

  @Test
  void aBoxThatNobodyAskedInTimeIsFoundTenMinutesAfterTheRestoration() {
    judge().topology(new Tree("F", 1).area("A0", "F", 5, 3).area("A1", "F", 60, 3).json(), 0);
    areaWithNested(Set.of("A1-B58-"), Set.of());
    OutageRow inner = rows.stream().filter(row -> row.state().equals("CONFIRMED") && row.nodeId().equals("A1-B58")).findFirst().orElse(null);
    // forty-eight boxes say nothing at all here, more than may be asked
    assertTrue(inner == null || inner.decidedAtMs() >= START + 3_600_000 + 600_000);
    assertTrue(asked.stream().filter(device -> device.startsWith("A1-B")).count() <= p.nestedCalls + p.nestedLastCalls + p.callsPerOutage);
  }

  @Test
  void noDarkBoxMeansNoFurtherOutage() {
    grid(12, 3);
    areaWithNested(Set.of(), Set.of("A1-B3-", "A1-B4-", "A1-B9-"));
    assertEquals(List.of("A1"), rows.stream().map(OutageRow::nodeId).filter(node -> node.startsWith("A1") && !node.contains("-")).distinct().toList());
    assertTrue(told().stream().noneMatch(row -> row.startsWith("CONFIRMED A1-")), told() + "");
  }

  /** Six areas go dark; after an hour all but A5 are back, of which three meters come back because they hang elsewhere in truth. */
  private void feederBackWithoutA5(int box) {
    Tree tree = new Tree("F", 1);
    for (int a = 0; a < 6; a++) tree.area("A" + a, "F", 12, box);
    judge().topology(tree.json(), 0);
    long end = START + 3_600_000;
    live = (device, at) -> at < START || at >= end && !device.startsWith("A5");
    for (int a = 0; a < 6; a++) send(Event.OFF, "A" + a + "-T", START, Event.NONE, START + 9_000 + a);
    for (int b = 0; b < 12; b++) for (int a = 0; a < 6; a++) send(Event.OFF, "A" + a + "-B" + b + "-M0", START, Event.NONE, START + 12_000 + b * 10 + a);
    for (int b = 0; b < 3; b++) send(Event.ON, "A5-B" + b + "-M0", START, end, end + 45_000 + b);
    for (int a = 0; a < 5; a++) send(Event.ON, "A" + a + "-T", START, end, end + 70_000 + a);
    until(end + 1_200_000);
    assertTrue(told().contains("RESTORED F"), told() + "");
  }

  @Test
  void anAreaThatIsStillDarkIsNotSearchedBecauseAFewMetersCameBack() {
    feederBackWithoutA5(3);
    assertTrue(told().stream().noneMatch(row -> row.startsWith("CONFIRMED A5-")), told() + "");
  }

  @Test
  void afterAFeederNoBoxOfASingleMeterIsSearched() {
    feederBackWithoutA5(1);
    long end = START + 3_600_000;
    for (int i = 0; i < asked.size(); i++) assertTrue(askedAt.get(i) < end || asked.get(i).endsWith("-T"), asked.get(i));
  }

  @Test
  void aRestartInTheMiddleOfASearchChangesNothing() {
    grid(12, 3);
    areaWithNested(Set.of("A1-B7-"), Set.of("A1-B4-"));
    List<OutageRow> undisturbed = List.copyOf(rows);
    CallsTest other = new CallsTest();
    other.grid(12, 3);
    other.forgetful = true;
    other.areaWithNested(Set.of("A1-B7-"), Set.of("A1-B4-"));
    assertEquals(undisturbed, other.rows);
  }

}
