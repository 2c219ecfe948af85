package station.outage.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The incremental judge against a slow, obvious one that forgets everything and walks the whole tree, on many random small grids. */
class DifferentialTest {
  private static final int GRIDS = 1_200;

  @Test
  void incrementalScoresAndRootsEqualARecomputationOfTheWholeTreeAfterEveryEvent() {
    int compared = 0;
    for (int seed = 0; seed < GRIDS; seed++) {
      Random random = new Random(seed);
      RandomFeeder grid = new RandomFeeder(random, "x", 6);
      Parameters p = seed % 2 == 0 ? Parameters.estimated() : Parameters.published();
      Memory memory = new Memory();
      DecodedCache cache = new DecodedCache();
      new FeederJudge(grid.id, memory, cache, p, memory).topology(grid.json(1), 0);
      List<Scenario.Line> lines = Scenario.random(random, grid);
      int every = 1 + lines.size() / 12;
      for (int i = 0; i < lines.size(); i++) {
        new FeederJudge(grid.id, memory, cache, p, memory).event(lines.get(i).event());
        if (i % every == 0) compared += compare(seed, grid, memory, cache, p);
      }
    }
    if (compared < GRIDS) throw new AssertionError("only " + compared + " waves were compared");
  }

  private int compare(int seed, RandomFeeder grid, Memory memory, DecodedCache cache, Parameters p) {
    Feeder feeder = new Feeder(grid.id, memory, cache, p, memory);
    int waves = 0;
    for (Wave wave : feeder.upper().waves) {
      waves++;
      SlowTree slow = new SlowTree(feeder, wave);
      String where = "grid " + seed + " wave " + wave.id;
      same(slow.feederScore, wave.feederScore(feeder.shape(), feeder.silence(), p), where + " feeder");
      for (int slot = 0; slot < feeder.shape().branches(); slot++) same(slow.branchScore[slot], wave.branchScore(slot, feeder.shape(), feeder.silence(), p), where + " branch " + slot);
      for (int area = wave.members.nextSetBit(0); area >= 0; area = wave.members.nextSetBit(area + 1)) {
        AreaEvidence evidence = feeder.evidenceOrNull(wave, feeder.shape().areaIds[area]);
        for (int node = 0; node < evidence.shape.size(); node++) {
          // a node that nothing has touched has no score yet, and its true one is not positive
          if (evidence.touched(node)) same(slow.score(evidence, node), evidence.score(node), where + " node " + evidence.shape.id[node]);
          assertEquals(slow.value(evidence, node), evidence.value(node), 1e-6, where + " V of " + evidence.shape.id[node]);
        }
      }
      TreeSet<String> roots = new TreeSet<>();
      for (Candidate candidate : new Explanation(feeder).all(wave)) if (!candidate.weak && candidate.score > 0) roots.add(candidate.nodeId + "/" + candidate.variant);
      assertEquals(slow.roots(), roots, where);
    }
    return waves;
  }

  private static void same(double expected, double actual, String what) {
    if (expected == actual) return;
    assertEquals(expected, actual, 1e-6 * Math.max(1, Math.abs(expected)), what);
  }

  @Test
  void aJudgeThatIsRestoredFromItsStateBeforeEveryEventDecidesTheSame() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed * 7L + 1);
      RandomFeeder grid = new RandomFeeder(random, "x", 8);
      List<Scenario.Line> lines = Scenario.random(random, grid);
      assertEquals(run(grid, lines, new DecodedCache()), run(grid, lines, null), "grid " + seed);
    }
  }

  private static List<OutageRow> run(RandomFeeder grid, List<Scenario.Line> lines, DecodedCache cache) {
    Memory memory = new Memory();
    Parameters p = Parameters.estimated();
    new FeederJudge(grid.id, memory, new DecodedCache(), p, memory).topology(grid.json(1), 0);
    for (Scenario.Line line : lines) new FeederJudge(grid.id, memory, cache == null ? new DecodedCache() : cache, p, memory).event(line.event());
    new FeederJudge(grid.id, memory, cache == null ? new DecodedCache() : cache, p, memory).time(Scenario.START + 10L * 86_400_000);
    return new ArrayList<>(memory.rows);
  }
}
