package station.outage.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What must not change a verdict. */
class PropertiesTest {
  private static final int GRIDS = 200;

  /** Node and phase of everything that was confirmed and not merged or replaced. */
  private static TreeSet<String> verdicts(Memory memory, String prefix) {
    Map<String, OutageRow> last = new HashMap<>();
    TreeSet<String> confirmed = new TreeSet<>();
    TreeSet<String> ever = new TreeSet<>();
    for (OutageRow row : memory.rows) {
      last.put(row.outageId(), row);
      if (row.state().equals("CONFIRMED")) ever.add(row.outageId());
    }
    for (String id : ever) {
      OutageRow row = last.get(id);
      if (!row.state().equals("MERGED")) confirmed.add(row.nodeId().substring(prefix.length()) + "/" + row.phase());
    }
    return confirmed;
  }

  private static Memory run(RandomFeeder grid, List<Scenario.Line> lines, int restartAt) {
    Memory memory = new Memory();
    Parameters p = Parameters.estimated();
    DecodedCache cache = new DecodedCache();
    new FeederJudge(grid.id, memory, cache, p, memory).topology(grid.json(1), 0);
    int i = 0;
    for (Scenario.Line line : lines) {
      if (i++ == restartAt) cache = new DecodedCache();
      new FeederJudge(grid.id, memory, cache, p, memory).event(line.event());
    }
    new FeederJudge(grid.id, memory, cache, p, memory).time(Scenario.START + 10L * 86_400_000);
    return memory;
  }

  @Test
  void aTenthOfTheRowsRepeatedChangesNothing() {
    for (int seed = 0; seed < GRIDS; seed++) {
      Random random = new Random(seed);
      RandomFeeder grid = new RandomFeeder(random, "x", 6);
      List<Scenario.Line> lines = Scenario.random(random, grid);
      List<Scenario.Line> repeated = new ArrayList<>(lines);
      for (Scenario.Line line : lines) if (line.kind() != Event.ALIVE && random.nextInt(10) == 0) repeated.add(line.at(line.receivedMs() + 2_000 + random.nextInt(80_000)));
      repeated.sort(Comparator.comparingLong(Scenario.Line::receivedMs));
      assertEquals(verdicts(run(grid, lines, -1), "x"), verdicts(run(grid, repeated, -1), "x"), "grid " + seed);
    }
  }

  @Test
  void otherNamesChangeNothing() {
    for (int seed = 0; seed < GRIDS; seed++) {
      RandomFeeder grid = new RandomFeeder(new Random(seed), "x", 6);
      RandomFeeder renamed = new RandomFeeder(new Random(seed), "longer-name-", 6);
      List<Scenario.Line> lines = Scenario.random(new Random(seed), grid);
      List<Scenario.Line> other = lines.stream().map(line -> line.renamed("x", "longer-name-")).toList();
      assertEquals(verdicts(run(grid, lines, -1), "x"), verdicts(run(renamed, other, -1), "longer-name-"), "grid " + seed);
    }
  }

  @Test
  void aRestartInTheMiddleChangesNothing() {
    for (int seed = 0; seed < GRIDS; seed++) {
      Random random = new Random(seed);
      RandomFeeder grid = new RandomFeeder(random, "x", 6);
      List<Scenario.Line> lines = Scenario.random(random, grid);
      assertEquals(run(grid, lines, -1).rows, run(grid, lines, lines.size() / 2).rows, "grid " + seed);
    }
  }

  @Test
  void rowsThatOvertakeEachOtherByTwoSecondsChangeNothing() {
    for (int seed = 0; seed < GRIDS; seed++) {
      Random random = new Random(seed);
      RandomFeeder grid = new RandomFeeder(random, "x", 6);
      List<Scenario.Line> lines = Scenario.random(random, grid);
      List<Scenario.Line> shuffled = new ArrayList<>(lines);
      Map<Scenario.Line, Long> order = new HashMap<>();
      for (Scenario.Line line : lines) order.put(line, line.receivedMs() + random.nextInt(2_000));
      shuffled.sort(Comparator.comparingLong(order::get));
      assertEquals(verdicts(run(grid, lines, -1), "x"), verdicts(run(grid, shuffled, -1), "x"), "grid " + seed);
    }
  }

  @Test
  void versionsRiseByOneAndInstantsNeverGoBack() {
    for (int seed = 0; seed < GRIDS; seed++) {
      Random random = new Random(seed);
      RandomFeeder grid = new RandomFeeder(random, "x", 6);
      Map<String, OutageRow> last = new HashMap<>();
      for (OutageRow row : run(grid, Scenario.random(random, grid), -1).rows) {
        OutageRow before = last.put(row.outageId(), row);
        assertEquals(before == null ? 1 : before.version() + 1, row.version(), row.outageId());
        assertTrue(before == null || before.decidedAtMs() <= row.decidedAtMs(), row.outageId());
        assertTrue(before == null || !before.state().equals("CLOSED") && !before.state().equals("CANCELLED"), row.outageId());
      }
      for (OutageRow row : last.values()) assertTrue(List.of("CLOSED", "CANCELLED", "MERGED", "MOMENTARY").contains(row.state()), row + "");
    }
  }

  @Test
  void nothingAboveABoxIsConfirmedBeforeAReclosingIsOver() {
    for (int seed = 0; seed < GRIDS; seed++) {
      Random random = new Random(seed);
      RandomFeeder grid = new RandomFeeder(random, "x", 6);
      for (OutageRow row : run(grid, Scenario.random(random, grid), -1).rows) {
        if (row.state().equals("CONFIRMED") && !row.level().equals("BOX") && !row.level().equals("USER")) assertTrue(row.decidedAtMs() - row.startAtMs() >= 200_000, row + "");
      }
    }
  }

  @Test
  void oneReportAloneIsSuspectedAndCancelled() {
    RandomFeeder grid = new RandomFeeder(new Random(3), "x", 6);
    RandomFeeder.Meter m = grid.meters.get(0);
    List<Scenario.Line> lines = new ArrayList<>();
    Scenario.meter(lines, Event.OFF, m, Scenario.START, Event.NONE, Scenario.START + 40_000);
    List<OutageRow> rows = run(grid, lines, -1).rows;
    assertEquals(List.of("SUSPECT", "CANCELLED"), rows.stream().map(OutageRow::state).toList());
    assertEquals(m.id(), rows.get(0).nodeId());
  }

  @Test
  void anOldReportOpensNothing() {
    RandomFeeder grid = new RandomFeeder(new Random(3), "x", 6);
    List<Scenario.Line> lines = new ArrayList<>();
    for (RandomFeeder.Meter m : grid.meters) Scenario.meter(lines, Event.OFF, m, Scenario.START, Event.NONE, Scenario.START + 301_000);
    assertTrue(run(grid, lines, -1).rows.isEmpty());
  }

  @Test
  void aReportThatComesBeforeItsTreeIsKeptAndUsed() {
    RandomFeeder grid = new RandomFeeder(new Random(5), "x", 6);
    List<Scenario.Line> lines = new ArrayList<>();
    for (RandomFeeder.Meter m : grid.meters) if (m.areaId().equals("xA0")) Scenario.meter(lines, Event.OFF, m, Scenario.START, Event.NONE, Scenario.START + 30_000);
    Memory early = new Memory();
    Parameters p = Parameters.estimated();
    for (Scenario.Line line : lines) new FeederJudge(grid.id, early, new DecodedCache(), p, early).event(line.event());
    new FeederJudge(grid.id, early, new DecodedCache(), p, early).topology(grid.json(1), Scenario.START + 60_000);
    new FeederJudge(grid.id, early, new DecodedCache(), p, early).time(Scenario.START + 10L * 86_400_000);
    assertEquals(run(grid, lines, -1).rows, early.rows);
  }
}
